package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The methods of Centrifugo's HTTP API. */
enum ApiMethod {
    PUBLISH(0),
    BROADCAST(1),
    UNSUBSCRIBE(2),
    DISCONNECT(3),
    PRESENCE(4),
    PRESENCE_STATS(5),
    HISTORY(6),
    HISTORY_REMOVE(7),
    CHANNELS(8),
    INFO(9),
    RPC(10),
    SUBSCRIBE(11),
    REFRESH(12),
    MAP_PUBLISH(33),
    MAP_REMOVE(34),
    MAP_READ_STATE(35),
    MAP_READ_STREAM(36),
    MAP_STATS(37),
    MAP_CLEAR(38),
    SHARED_POLL_PUBLISH(39),
    // Cardea's own; the legacy format has names for it, not a number.
    CONNECTIONS(-1),
    // Of Centrifugo's PRO version; their numbers in the legacy format aren't public.
    REVOKE_TOKEN(-2),
    INVALIDATE_USER_TOKENS(-3);

    private static final Map<String, ApiMethod> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(ApiMethod::jsonName, m -> m));
    private static final Map<Integer, ApiMethod> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toMap(m -> m.number, m -> m));

    private final String jsonName = name().toLowerCase(Locale.ROOT);
    private final int number;

    ApiMethod(int number) {
        this.number = number;
    }

    /** Its name in paths and in JSON. */
    String jsonName() {
        return jsonName;
    }

    /** The method of that name in lower case; null: there is none. */
    static @Nullable ApiMethod named(String name) {
        return BY_NAME.get(name);
    }

    /** The method of that number in the legacy format; null: there is none. */
    static @Nullable ApiMethod numbered(int number) {
        return BY_NUMBER.get(number);
    }

    /**
     * Reads its parameters.
     *
     * @throws Malformed it isn't JSON, or a field has another type
     */
    ApiCommand read(JsonReader in) {
        try {
            return switch (this) {
                case PUBLISH -> call(ApiReader.publish(in));
                case BROADCAST -> call(ApiReader.broadcast(in));
                case SUBSCRIBE -> call(ApiReader.subscribe(in));
                case REFRESH -> call(ApiReader.refresh(in));
                case UNSUBSCRIBE -> call(ApiReader.unsubscribe(in));
                case DISCONNECT -> call(ApiReader.disconnect(in));
                case PRESENCE -> call(ApiReader.presence(in));
                case PRESENCE_STATS -> call(ApiReader.presenceStats(in));
                case HISTORY -> call(ApiReader.history(in));
                case HISTORY_REMOVE -> call(ApiReader.historyRemove(in));
                case CHANNELS -> call(ApiReader.channels(in));
                case INFO -> call(ApiReader.info(in));
                case CONNECTIONS -> call(ApiReader.connections(in));
                case REVOKE_TOKEN -> call(RevocationReader.token(in));
                case INVALIDATE_USER_TOKENS -> call(RevocationReader.user(in));
                // Centrifugo has no RPC methods of its own either, and answers so.
                case RPC -> wrong(Refusal.METHOD_NOT_FOUND, in);
                case MAP_PUBLISH,
                        MAP_REMOVE,
                        MAP_READ_STATE,
                        MAP_READ_STREAM,
                        MAP_STATS,
                        MAP_CLEAR,
                        SHARED_POLL_PUBLISH ->
                        wrong(Refusal.NOT_AVAILABLE, in);
            };
        } catch (ApiReader.NotBase64 _) {
            return new ApiCommand.Wrong(this, Refusal.BAD_REQUEST);
        }
    }

    private ApiCommand call(ApiRequest request) {
        return new ApiCommand.Call(this, request);
    }

    private ApiCommand wrong(Refusal why, JsonReader in) {
        in.skip();
        return new ApiCommand.Wrong(this, why);
    }
}
