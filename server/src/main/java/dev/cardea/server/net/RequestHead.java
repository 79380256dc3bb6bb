package dev.cardea.server.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request without its body. Immutable in effect, but not small: take what you need out of
 * it rather than keep it.
 *
 * @param path percent-decoded; starts with a slash, or is {@code *}
 * @param query the decoded parameters, at most {@value #MAX_PARAMETERS} of them: whatever follows
 *     is ignored
 * @param remote the other end of the TCP connection
 * @param target path and query as they were sent
 */
public record RequestHead(
        String method,
        String path,
        Map<String, List<String>> query,
        HttpHeaders headers,
        SocketAddress remote,
        String target) {
    static final int MAX_PARAMETERS = 64;

    /** Of a path without escapes, and without a query that anybody reads as it was sent. */
    public RequestHead(
            String method,
            String path,
            Map<String, List<String>> query,
            HttpHeaders headers,
            SocketAddress remote) {
        this(method, path, query, headers, remote, path);
    }

    /**
     * @throws IllegalArgumentException the target is neither a path nor a URL with one (RFC 9112
     *     section 3.2), or has broken escapes or control characters in its path
     */
    public static RequestHead of(
            String method, String target, HttpHeaders headers, SocketAddress remote) {
        String originForm = originForm(target);
        QueryStringDecoder uri =
                QueryStringDecoder.builder()
                        .charset(StandardCharsets.UTF_8)
                        .maxParams(MAX_PARAMETERS)
                        .semicolonIsNormalChar(true)
                        .build(originForm);
        String path = uri.path();
        if (path.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("control characters in the path");
        }
        return new RequestHead(method, path, uri.parameters(), headers, remote, originForm);
    }

    /** The path as it was sent, escapes and all. */
    public String rawPath() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The query as it was sent; empty: there is none. */
    public String rawQuery() {
        int query = target.indexOf('?');
        if (query < 0) return "";
        int fragment = target.indexOf('#', query);
        return target.substring(query + 1, fragment < 0 ? target.length() : fragment);
    }

    /** The header's first value. */
    public @Nullable String header(CharSequence name) {
        return headers.get(name);
    }

    /** All values of a header that may come several times. */
    public List<String> headers(CharSequence name) {
        return headers.getAll(name);
    }

    /** The parameter's first value. */
    public @Nullable String parameter(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.getFirst();
    }

    public @Nullable String origin() {
        return header(HttpHeaderNames.ORIGIN);
    }

    /** Neither query nor headers: they carry tokens, and this may be logged. */
    @Override
    public String toString() {
        return method + " " + path;
    }

    private static String originForm(String target) {
        if (target.startsWith("/") || target.equals("*")) return target;
        int authority = target.indexOf("://");
        if (authority < 0) throw new IllegalArgumentException("no path");
        int path = target.indexOf('/', authority + 3);
        return path < 0 ? "/" : target.substring(path);
    }
}
