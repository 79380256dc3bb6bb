package dev.cardea.wire.centrifuge;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request fields of a command. Of several in one command the first in this order counts; ping,
 * which the reference server doesn't read, stands where its field number does.
 */
enum Request {
    CONNECT("connect", 4),
    SUBSCRIBE("subscribe", 5),
    UNSUBSCRIBE("unsubscribe", 6),
    PUBLISH("publish", 7),
    PRESENCE("presence", 8),
    PRESENCE_STATS("presence_stats", 9),
    HISTORY("history", 10),
    PING("ping", 11),
    RPC("rpc", 13),
    SEND("send", 12),
    REFRESH("refresh", 14),
    SUB_REFRESH("sub_refresh", 15);

    final String field;
    final int number;

    Request(String field, int number) {
        this.field = field;
        this.number = number;
    }

    private static final Map<String, Request> BY_FIELD = new HashMap<>();
    private static final @Nullable Request[] BY_NUMBER = new @Nullable Request[16];

    static {
        for (Request request : values()) {
            BY_FIELD.put(request.field, request);
            BY_NUMBER[request.number] = request;
        }
    }

    static @Nullable Request named(String field) {
        return BY_FIELD.get(field);
    }

    static @Nullable Request numbered(int number) {
        return number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    boolean isBefore(Request other) {
        return compareTo(other) < 0;
    }
}
