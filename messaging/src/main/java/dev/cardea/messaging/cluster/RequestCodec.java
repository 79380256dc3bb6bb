package dev.cardea.messaging.cluster;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.api.ApiRequest.Audience;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Revocation;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls that concern connections of any node. */
final class RequestCodec {
    private static final int DISCONNECT = 1;
    private static final int SUBSCRIBE = 2;
    private static final int UNSUBSCRIBE = 3;
    private static final int REFRESH = 4;
    private static final int REVOKE_TOKEN = 5;
    private static final int REVOKE_USER = 6;
    private static final int CHANNELS = 7;

    private RequestCodec() {}

    static void write(ApiRequest request, FieldWriter out) {
        switch (request) {
            case ApiRequest.Disconnect(
                            Audience audience,
                            Disconnect why,
                            Set<String> whitelist) -> {
                write(audience, out.number(DISCONNECT)).bool(why != null);
                if (why != null) out.number(why.code()).text(why.reason());
                out.number(whitelist.size());
                whitelist.forEach(out::text);
            }
            case ApiRequest.Subscribe(
                            String channel,
                            Audience audience,
                            SubscriptionGrant grant,
                            StreamPosition since) -> {
                write(audience, out.number(SUBSCRIBE)).text(channel);
                write(grant, out);
                out.bool(since != null);
                if (since != null) out.number(since.offset()).text(since.epoch());
            }
            case ApiRequest.Unsubscribe(String channel, Audience audience) ->
                    write(audience, out.number(UNSUBSCRIBE)).text(channel);
            case ApiRequest.Refresh(Audience audience, boolean expired, long expireAt, var info) ->
                    write(audience, out.number(REFRESH)).bool(expired).number(expireAt).bytes(info);
            case ApiRequest.Revoke(Revocation.OfToken(String id, long expireAt)) ->
                    out.number(REVOKE_TOKEN).text(id).number(expireAt);
            case ApiRequest.Revoke(
                            Revocation.OfUser(
                                    String user,
                                    String channel,
                                    long before,
                                    long expireAt)) ->
                    out.number(REVOKE_USER)
                            .text(user)
                            .text(channel)
                            .number(before)
                            .number(expireAt);
            case ApiRequest.Channels(String pattern) -> out.number(CHANNELS).text(pattern);
            case ApiRequest.Publish _,
                    ApiRequest.Broadcast _,
                    ApiRequest.History _,
                    ApiRequest.HistoryRemove _,
                    ApiRequest.Presence _,
                    ApiRequest.PresenceStats _,
                    ApiRequest.Info _,
                    ApiRequest.Connections _ ->
                    throw new IllegalArgumentException("not for other nodes: " + request);
        }
    }

    static ApiRequest read(FieldReader in) {
        return switch ((int) in.number()) {
            case DISCONNECT -> new ApiRequest.Disconnect(readAudience(in), readWhy(in), texts(in));
            case SUBSCRIBE -> {
                Audience audience = readAudience(in);
                yield new ApiRequest.Subscribe(
                        in.text(), audience, readGrant(in), readPosition(in));
            }
            case UNSUBSCRIBE -> {
                Audience audience = readAudience(in);
                yield new ApiRequest.Unsubscribe(in.text(), audience);
            }
            case REFRESH ->
                    new ApiRequest.Refresh(readAudience(in), in.bool(), in.number(), in.bytes());
            case REVOKE_TOKEN ->
                    new ApiRequest.Revoke(new Revocation.OfToken(in.text(), in.number()));
            case REVOKE_USER ->
                    new ApiRequest.Revoke(
                            new Revocation.OfUser(in.text(), in.text(), in.number(), in.number()));
            case CHANNELS -> new ApiRequest.Channels(in.text());
            default -> throw new Malformed("an unknown call");
        };
    }

    private static FieldWriter write(Audience audience, FieldWriter out) {
        return out.text(audience.user()).text(audience.client()).text(audience.session());
    }

    private static Audience readAudience(FieldReader in) {
        return new Audience(in.text(), in.text(), in.text());
    }

    private static @Nullable Disconnect readWhy(FieldReader in) {
        return in.bool() ? new Disconnect((int) in.number(), in.text()) : null;
    }

    private static Set<String> texts(FieldReader in) {
        Set<String> texts = new HashSet<>();
        for (int left = in.count(); left > 0; left--) texts.add(in.text());
        return texts;
    }

    /** The server API grants no capabilities, and there is no token to revoke. */
    private static void write(SubscriptionGrant grant, FieldWriter out) {
        OptionOverride override = grant.override();
        out.bytes(grant.info()).bytes(grant.data()).number(grant.expireAtSeconds());
        out.maybe(override.presence()).maybe(override.joinLeave());
        out.maybe(override.forceRecovery()).maybe(override.forcePositioning());
        out.maybe(override.forcePushJoinLeave());
    }

    private static SubscriptionGrant readGrant(FieldReader in) {
        return new SubscriptionGrant(
                in.bytes(),
                in.bytes(),
                in.number(),
                new OptionOverride(in.maybe(), in.maybe(), in.maybe(), in.maybe(), in.maybe()));
    }

    private static @Nullable StreamPosition readPosition(FieldReader in) {
        return in.bool() ? new StreamPosition(in.number(), in.text()) : null;
    }
}
