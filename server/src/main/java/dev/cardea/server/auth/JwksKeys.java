package dev.cardea.server.auth;

import dev.cardea.server.config.JwksTemplate;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The key sets that {@code jwks_public_endpoint} leads to: one, or one for each issuer. */
final class JwksKeys implements KeySource {
    /** With more, the set that wasn't asked for the longest is forgotten. */
    static final int MAX_ENDPOINTS = 64;

    private final JwksTemplate template;
    private final KeySetFetch fetch;
    private final Map<URI, KeyEndpoint> endpoints = new LinkedHashMap<>(16, 0.75f, true);

    JwksKeys(JwksTemplate template, KeySetFetch fetch) {
        this.template = template;
        this.fetch = fetch;
    }

    @Override
    public CompletionStage<List<VerificationKey>> find(
            UnverifiedToken token, Map<String, String> variables, long nowSeconds) {
        URI address = template.resolve(variables);
        if (address == null || token.keyId().isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return endpoint(address).find(token.keyId(), nowSeconds);
    }

    private KeyEndpoint endpoint(URI address) {
        synchronized (endpoints) {
            KeyEndpoint endpoint =
                    endpoints.computeIfAbsent(address, _ -> new KeyEndpoint(address, fetch));
            if (endpoints.size() > MAX_ENDPOINTS) {
                endpoints.remove(endpoints.keySet().iterator().next());
            }
            return endpoint;
        }
    }
}
