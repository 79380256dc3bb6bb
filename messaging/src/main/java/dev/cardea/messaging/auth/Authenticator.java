package dev.cardea.messaging.auth;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Decides who connects and who subscribes by token. Asynchronous: a stage may complete on any
 * thread, or exceptionally, which the client sees as an internal error that it may retry.
 */
public interface Authenticator {
    /**
     * Judges a connect command.
     *
     * @param client the connection's id
     */
    CompletionStage<Verdict<Credentials>> connect(
            String client, Peer peer, Command.Connect command);

    /** Judges the new token of a connection that is open. */
    CompletionStage<Verdict<Credentials>> refresh(String token);

    /** Judges a subscription token; whether it fits channel and client is part of the answer. */
    CompletionStage<Verdict<SubscriptionGrant>> subscribe(
            String token, String channel, String user, String client);

    /**
     * Who a connection belongs to.
     *
     * @param user empty: anonymous
     * @param info shown to other subscribers; empty or JSON
     * @param expireAtSeconds Unix time; 0: never
     * @param meta told to nobody but the application's backend; empty or JSON
     * @param data goes to the client with the reply; empty or JSON
     * @param subscriptions the server-side subscriptions that the connection begins with, by
     *     channel
     * @param capabilities what it may do beyond what namespaces allow
     * @param token by what it can be revoked
     */
    record Credentials(
            String user,
            Bytes info,
            long expireAtSeconds,
            Bytes meta,
            Bytes data,
            Map<String, SubscriptionGrant> subscriptions,
            Capabilities capabilities,
            TokenId token) {
        public static final Credentials ANONYMOUS = new Credentials("", Bytes.EMPTY, 0);

        /** Of somebody without a token. */
        public Credentials(
                String user,
                Bytes info,
                long expireAtSeconds,
                Bytes meta,
                Bytes data,
                Map<String, SubscriptionGrant> subscriptions) {
            this(
                    user,
                    info,
                    expireAtSeconds,
                    meta,
                    data,
                    subscriptions,
                    Capabilities.NONE,
                    TokenId.NONE);
        }

        /**
         * The same connection, for longer.
         *
         * @param newInfo empty: as before
         */
        public Credentials renewed(long newExpireAtSeconds, Bytes newInfo) {
            return new Credentials(
                    user,
                    newInfo.isEmpty() ? info : newInfo,
                    newExpireAtSeconds,
                    meta,
                    data,
                    subscriptions,
                    capabilities,
                    token);
        }

        /** Of somebody of whom no more is known. */
        public Credentials(String user, Bytes info, long expireAtSeconds) {
            this(user, info, expireAtSeconds, Bytes.EMPTY, Bytes.EMPTY, Map.of());
        }
    }

    /**
     * What a subscription token grants.
     *
     * @param info shown to other subscribers of the channel
     * @param data goes to the client with the reply
     * @param expireAtSeconds Unix time; 0: never
     * @param override options of the namespace that it sets otherwise
     * @param allow what the client may do in the channel, beyond what the namespace allows
     * @param token by what it can be revoked
     */
    record SubscriptionGrant(
            Bytes info,
            Bytes data,
            long expireAtSeconds,
            OptionOverride override,
            Set<Capability> allow,
            TokenId token) {
        /** Without a token. */
        public SubscriptionGrant(
                Bytes info, Bytes data, long expireAtSeconds, OptionOverride override) {
            this(info, data, expireAtSeconds, override, Set.of(), TokenId.NONE);
        }

        /** Nothing but what the namespace says. */
        public static final SubscriptionGrant PLAIN =
                new SubscriptionGrant(Bytes.EMPTY, Bytes.EMPTY, 0, OptionOverride.NOTHING);
    }

    /**
     * Options of the namespace that a token, a hook or the server API sets otherwise; null: as the
     * namespace says.
     */
    record OptionOverride(
            @Nullable Boolean presence,
            @Nullable Boolean joinLeave,
            @Nullable Boolean forceRecovery,
            @Nullable Boolean forcePositioning,
            @Nullable Boolean forcePushJoinLeave) {
        public static final OptionOverride NOTHING =
                new OptionOverride(null, null, null, null, null);

        /** Of what was set by the options' names; names that nobody knows change nothing. */
        public static OptionOverride named(Map<String, Boolean> set) {
            return new OptionOverride(
                    set.get("presence"),
                    set.get("join_leave"),
                    set.get("force_recovery"),
                    set.get("force_positioning"),
                    set.get("force_push_join_leave"));
        }
    }
}
