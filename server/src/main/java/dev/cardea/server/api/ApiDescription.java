package dev.cardea.server.api;

import static dev.cardea.server.api.ApiType.Simple.ANY;
import static dev.cardea.server.api.ApiType.Simple.BASE64;
import static dev.cardea.server.api.ApiType.Simple.BOOL;
import static dev.cardea.server.api.ApiType.Simple.DECIMAL;
import static dev.cardea.server.api.ApiType.Simple.INT32;
import static dev.cardea.server.api.ApiType.Simple.INT64;
import static dev.cardea.server.api.ApiType.Simple.TEXT;
import static dev.cardea.server.api.ApiType.Simple.UINT32;
import static dev.cardea.server.api.ApiType.Simple.UINT64;

import dev.cardea.server.api.ApiType.Group;
import dev.cardea.server.api.ApiType.ListOf;
import dev.cardea.server.api.ApiType.MapOf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each method takes and gives: its declaration, from which the OpenAPI document is made. That
 * it says no more and no less than {@link ApiReader} and {@link ApiWriter} do is tested.
 */
record ApiDescription(String summary, List<ApiField> arguments, List<ApiField> result) {
    private static final ApiField CHANNEL = field("channel", TEXT, "the channel's name");
    private static final ApiField OFFSET = field("offset", UINT64, "of the stream's top");
    private static final ApiField EPOCH = field("epoch", TEXT, "of the stream");
    private static final ApiField USER = field("user", TEXT, "the user's id; empty: anonymous");
    private static final ApiField CLIENT = field("client", TEXT, "a connection's id");

    private static final ApiField REVOKED_UNTIL =
            field("expire_at", INT64, "Unix time from which it may be forgotten; 0: never");

    private static final List<ApiField> AUDIENCE =
            List.of(
                    USER,
                    field("client", TEXT, "the one connection with this id; empty: all"),
                    field("session", TEXT, "the one with this session id; empty: all"));
    private static final List<ApiField> MESSAGE =
            List.of(
                    field("data", ANY, "what subscribers get"),
                    field("b64data", BASE64, "the same, for bytes that are no JSON"),
                    field("skip_history", BOOL, "live only"),
                    field("tags", new MapOf(TEXT), "delivered with the message"),
                    field("idempotency_key", TEXT, "a repetition changes nothing"),
                    field("delta", BOOL, "may be sent as a difference"),
                    field("version", UINT64, "an older or equal one changes nothing"),
                    field("version_epoch", TEXT, "what versions are compared within"));
    private static final List<ApiField> PUBLISHED = List.of(OFFSET, EPOCH);
    private static final Group POSITION =
            new Group(List.of(field("offset", UINT64, "in the stream"), EPOCH));
    private static final Group BOOL_VALUE = new Group(List.of(field("value", BOOL, "the value")));
    private static final Group CLIENT_INFO =
            new Group(
                    List.of(
                            USER,
                            CLIENT,
                            field("conn_info", ANY, "of the connection"),
                            field("chan_info", ANY, "of the subscription")));
    static final Group ERROR =
            new Group(
                    List.of(
                            field("code", UINT32, "see the list of codes"),
                            field("message", TEXT, "for people")));

    /** Null for methods that are there only to say that they aren't available. */
    static @Nullable ApiDescription of(ApiMethod method) {
        return switch (method) {
            case PUBLISH ->
                    new ApiDescription(
                            "Publishes into a channel", with(List.of(CHANNEL), MESSAGE), PUBLISHED);
            case BROADCAST ->
                    new ApiDescription(
                            "Publishes the same into several channels",
                            with(
                                    List.of(field("channels", new ListOf(TEXT), "their names")),
                                    MESSAGE),
                            List.of(
                                    field(
                                            "responses",
                                            new ListOf(
                                                    new Group(
                                                            List.of(
                                                                    field(
                                                                            "result",
                                                                            new Group(PUBLISHED),
                                                                            "of one channel"),
                                                                    field(
                                                                            "error", ERROR,
                                                                            "instead")))),
                                            "in the order of the channels")));
            case SUBSCRIBE ->
                    new ApiDescription(
                            "Subscribes connections to a channel",
                            with(with(List.of(CHANNEL), AUDIENCE), grant()),
                            List.of());
            case UNSUBSCRIBE ->
                    new ApiDescription(
                            "Ends subscriptions of connections",
                            with(List.of(CHANNEL), AUDIENCE),
                            List.of());
            case DISCONNECT ->
                    new ApiDescription(
                            "Ends connections",
                            with(
                                    AUDIENCE,
                                    List.of(
                                            field(
                                                    "disconnect",
                                                    new Group(
                                                            List.of(
                                                                    field(
                                                                            "code",
                                                                            UINT32,
                                                                            "3000 to 4999"),
                                                                    field(
                                                                            "reason",
                                                                            TEXT,
                                                                            "for people"))),
                                                    "what clients are told"),
                                            field(
                                                    "whitelist",
                                                    new ListOf(TEXT),
                                                    "ids of connections that stay"))),
                            List.of());
            case PRESENCE ->
                    new ApiDescription(
                            "Lists who is in a channel",
                            List.of(CHANNEL),
                            List.of(field("presence", new MapOf(CLIENT_INFO), "by client id")));
            case PRESENCE_STATS ->
                    new ApiDescription(
                            "Counts who is in a channel",
                            List.of(CHANNEL),
                            List.of(
                                    field("num_clients", INT32, "connections"),
                                    field("num_users", INT32, "users with a name")));
            case HISTORY -> history();
            case HISTORY_REMOVE ->
                    new ApiDescription(
                            "Forgets a channel's publications", List.of(CHANNEL), List.of());
            case CHANNELS ->
                    new ApiDescription(
                            "Lists channels with subscribers",
                            List.of(field("pattern", TEXT, "of their names; empty: all")),
                            List.of(
                                    field(
                                            "channels",
                                            new MapOf(
                                                    new Group(
                                                            List.of(
                                                                    field(
                                                                            "num_clients",
                                                                            INT32,
                                                                            "subscribers")))),
                                            "by name")));
            case INFO -> info();
            case CONNECTIONS -> connections();
            case REVOKE_TOKEN ->
                    new ApiDescription(
                            "Takes a token back, and ends what it holds",
                            List.of(field("uid", TEXT, "the token's jti"), REVOKED_UNTIL),
                            List.of());
            case INVALIDATE_USER_TOKENS ->
                    new ApiDescription(
                            "Takes a user's older tokens back, and ends what they hold",
                            List.of(
                                    field("user", TEXT, "the user's id"),
                                    field(
                                            "issued_before",
                                            INT64,
                                            "Unix time that is later than the tokens' iat; 0: now"),
                                    field(
                                            "channel",
                                            TEXT,
                                            "subscription tokens for this one only; empty: all"
                                                    + " tokens"),
                                    REVOKED_UNTIL),
                            List.of());
            case REFRESH ->
                    new ApiDescription(
                            "Lets connections live on",
                            with(
                                    AUDIENCE,
                                    List.of(
                                            field("expired", BOOL, "they end instead"),
                                            field("expire_at", INT64, "Unix time; 0: never"),
                                            field("info", ANY, "shown to other subscribers"))),
                            List.of());
            case RPC,
                    MAP_PUBLISH,
                    MAP_REMOVE,
                    MAP_READ_STATE,
                    MAP_READ_STREAM,
                    MAP_STATS,
                    MAP_CLEAR,
                    SHARED_POLL_PUBLISH ->
                    null;
        };
    }

    private static List<ApiField> grant() {
        return List.of(
                field("info", ANY, "shown to other subscribers"),
                field("b64info", BASE64, "the same, for bytes that are no JSON"),
                field("data", ANY, "for the client"),
                field("b64data", BASE64, "the same, for bytes that are no JSON"),
                field("expire_at", INT64, "Unix time; 0: never"),
                field("recover_since", POSITION, "where the clients stand"),
                field(
                        "override",
                        new Group(
                                List.of(
                                        field("presence", BOOL_VALUE, "as in the namespace"),
                                        field("join_leave", BOOL_VALUE, "as in the namespace"),
                                        field("force_recovery", BOOL_VALUE, "as in the namespace"),
                                        field(
                                                "force_positioning",
                                                BOOL_VALUE,
                                                "as in the namespace"),
                                        field(
                                                "force_push_join_leave",
                                                BOOL_VALUE,
                                                "as in the namespace"))),
                        "options of the namespace, set otherwise"));
    }

    private static ApiDescription history() {
        Group publication =
                new Group(
                        List.of(
                                field("data", ANY, "what was published"),
                                field("b64data", BASE64, "instead, for bytes that are no JSON"),
                                field("info", CLIENT_INFO, "of the client that published"),
                                field("offset", UINT64, "in the stream"),
                                field("tags", new MapOf(TEXT), "of the publication")));
        return new ApiDescription(
                "Reads a channel's publications",
                List.of(
                        CHANNEL,
                        field("limit", INT32, "0: none; -1: all"),
                        field("since", POSITION, "what comes behind it, or in reverse before it"),
                        field("reverse", BOOL, "the newest first")),
                List.of(field("publications", new ListOf(publication), "in order"), EPOCH, OFFSET));
    }

    private static ApiDescription info() {
        Group process =
                new Group(
                        List.of(
                                field("cpu", DECIMAL, "per cent of one core"),
                                field("rss", INT64, "bytes in physical memory")));
        Group node =
                new Group(
                        List.of(
                                field("uid", TEXT, "the node's id"),
                                field("name", TEXT, "for people"),
                                field("version", TEXT, "of the software"),
                                field("num_clients", INT32, "connections"),
                                field("num_users", INT32, "users with a name"),
                                field("num_channels", INT32, "channels with subscribers"),
                                field("num_subs", INT32, "subscriptions"),
                                field("uptime", INT64, "seconds"),
                                field("process", process, "what it takes")));
        return new ApiDescription(
                "Tells of the nodes that run",
                List.of(),
                List.of(field("nodes", new ListOf(node), "all of them")));
    }

    private static ApiDescription connections() {
        ApiField lag = field("lag", INT64, "publications that it hasn't been given");
        ApiField oldest = field("oldest_pending_ms", INT64, "how long the oldest has waited");
        Group connection =
                new Group(
                        List.of(
                                CLIENT,
                                USER,
                                field("transport", TEXT, "such as websocket"),
                                field("protocol", TEXT, "json or protobuf"),
                                field("name", TEXT, "of the client's software"),
                                field("version", TEXT, "of the client's software"),
                                field("age_ms", INT64, "since it came"),
                                lag,
                                field("pending_bytes", INT32, "written and not taken by its peer"),
                                oldest,
                                field(
                                        "channels",
                                        new MapOf(new Group(List.of(lag, oldest))),
                                        "its subscriptions")));
        return new ApiDescription(
                "Shows connections, and how far they are behind",
                List.of(
                        field("user", TEXT, "whose; empty: everybody's"),
                        field("channel", TEXT, "subscribed to it; empty: to any"),
                        field("client", TEXT, "the one with this id"),
                        field("stalled", BOOL, "those alone that don't read, the longest first"),
                        field("limit", INT32, "how many; 100 unless told, 1000 at most"),
                        field("after", TEXT, "next of the page before")),
                List.of(
                        field("connections", new ListOf(connection), "by client id"),
                        field("next", TEXT, "what the next page comes after")));
    }

    private static ApiField field(String name, ApiType type, String means) {
        return new ApiField(name, type, means);
    }

    private static List<ApiField> with(List<ApiField> some, List<ApiField> more) {
        List<ApiField> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
