package dev.cardea.server.api;

import dev.cardea.server.net.Endpoint;
import dev.cardea.server.net.RequestHead;
import dev.cardea.server.net.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The key that callers of the API present: {@code X-API-Key: K}, {@code Authorization: apikey K},
 * or {@code ?api_key=K}. How long a comparison takes doesn't depend on where keys differ.
 */
final class ApiKey {
    private final byte[] key;

    /**
     * @param key empty: nobody has it
     */
    ApiKey(String key) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
    }

    /** The endpoint for those who have the key; 401 for all others. */
    Endpoint guard(Endpoint endpoint) {
        return (request, responder) -> {
            if (isPresented(request.head())) endpoint.serve(request, responder);
            else responder.respond(Response.empty(401));
        };
    }

    boolean isPresented(RequestHead head) {
        return isKey(fromHeader(head)) || isKey(head.parameter("api_key"));
    }

    private static @Nullable String fromHeader(RequestHead head) {
        String own = head.header("X-API-Key");
        if (own != null && !own.isEmpty()) return own;
        String authorization = head.header("Authorization");
        if (authorization == null) return null;
        String[] words = authorization.strip().split("\\s+", 3);
        return words.length == 2 && words[0].equalsIgnoreCase("apikey") ? words[1] : null;
    }

    private boolean isKey(@Nullable String presented) {
        return presented != null
                && key.length > 0
                && MessageDigest.isEqual(key, presented.getBytes(StandardCharsets.UTF_8));
    }
}
