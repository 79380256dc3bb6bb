package dev.cardea.server.net;

import dev.cardea.wire.Bytes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A whole HTTP response. Immutable.
 *
 * @param headers without Content-Length, Connection and Date, which are the connection's business
 * @param body left out of the answer to HEAD, but counted there
 */
public record Response(int status, Map<String, List<String>> headers, Bytes body) {
    public static Response empty(int status) {
        return new Response(status, Map.of(), Bytes.EMPTY);
    }

    public static Response text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", Bytes.utf8(text));
    }

    public static Response json(int status, Bytes json) {
        return of(status, "application/json", json);
    }

    public static Response of(int status, String contentType, Bytes body) {
        return new Response(status, Map.of("Content-Type", List.of(contentType)), body);
    }

    /** The same with one more header; one of that name that was there before goes. */
    public Response with(String name, String value) {
        return with(name, List.of(value));
    }

    Response with(String name, List<String> values) {
        Map<String, List<String>> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, values);
        return new Response(status, more, body);
    }
}
