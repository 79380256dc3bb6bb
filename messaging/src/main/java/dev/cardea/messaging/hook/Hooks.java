package dev.cardea.messaging.hook;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where the application's backend decides or answers something. Who connects is {@link
 * dev.cardea.messaging.auth.Authenticator}'s business.
 *
 * <p>A session first asks whether there is a hook, which costs little and happens on its event
 * loop; null: the server decides alone. A hook is asynchronous, as an authenticator is: its stage
 * may complete on any thread, or exceptionally, which the client sees as an internal error that it
 * may retry. Commands behind wait until it has, for half a minute at most. Thread safe.
 */
public interface Hooks {
    /** No backend is asked anything. */
    Hooks NONE = new Hooks() {};

    /**
     * The peer with those of the headers in its connect command that a hook will want to see.
     *
     * @param headers given by the client
     */
    default Peer admit(Peer peer, Map<String, String> headers) {
        return peer;
    }

    /** Answers the client's {@code rpc} command; null: error 104. */
    default @Nullable Rpc rpc(String method) {
        return null;
    }

    /** Takes the client's {@code send} command; null: disconnect 3508, as Centrifugo does. */
    default @Nullable Send send() {
        return null;
    }

    /**
     * Renews a connection that expires, so that the client needn't; null: clients bring new tokens.
     */
    default @Nullable Refresh refresh() {
        return null;
    }

    /** Judges subscriptions that come without a token. */
    default @Nullable Subscribe subscribe(String channel, ChannelOptions options) {
        return null;
    }

    /** Judges publications of clients, whatever the namespace's permissions are. */
    default @Nullable Publish publish(String channel, ChannelOptions options) {
        return null;
    }

    /** Renews a subscription that came without a token and expires. */
    default @Nullable SubRefresh subRefresh(String channel, ChannelOptions options) {
        return null;
    }

    /** A connection that was open has ended. On its event loop: to be passed on, not waited for. */
    default void disconnected(Caller caller, int code, String reason) {}

    /** Answers with the result's data. */
    interface Rpc {
        CompletionStage<Answer<Bytes>> call(Caller caller, String method, Bytes data);
    }

    /** The client is told nothing, unless the connection ends. */
    interface Send {
        CompletionStage<Answer<Bytes>> take(Caller caller, Bytes data);
    }

    interface Refresh {
        CompletionStage<Answer<Renewal>> renew(Caller caller);
    }

    interface Subscribe {
        CompletionStage<Answer<SubscriptionGrant>> judge(Caller caller, SubscribeRequest request);
    }

    interface Publish {
        CompletionStage<Answer<Publishing>> judge(Caller caller, String channel, Bytes data);
    }

    interface SubRefresh {
        CompletionStage<Answer<Renewal>> renew(Caller caller, String channel);
    }

    /**
     * How a connection or subscription goes on.
     *
     * @param expired it ends
     * @param expireAtSeconds Unix time; 0: never
     * @param info shown to other subscribers from now on; null: as before
     */
    record Renewal(boolean expired, long expireAtSeconds, @Nullable Bytes info) {}

    /**
     * What is published.
     *
     * @param data in the client's stead; empty: what the client sent
     * @param skipHistory live only, without an offset
     * @param idempotencyKey empty: none; otherwise a repetition changes nothing
     * @param version 0: none; otherwise an older or equal one than the channel has changes nothing;
     *     unsigned
     */
    record Publishing(
            Bytes data,
            boolean skipHistory,
            Map<String, String> tags,
            String idempotencyKey,
            long version,
            String versionEpoch) {
        public static final Publishing AS_SENT = new Publishing(Bytes.EMPTY, false);

        /** With nothing else. */
        public Publishing(Bytes data, boolean skipHistory) {
            this(data, skipHistory, Map.of(), "", 0, "");
        }
    }
}
