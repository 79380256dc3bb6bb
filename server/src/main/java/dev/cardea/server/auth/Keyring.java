package dev.cardea.server.auth;

import dev.cardea.server.config.JwksTemplate;
import dev.cardea.server.config.TokenConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Keys, and where they are worked with: secrets on the caller's thread, public keys aside, since
 * such a signature takes up to milliseconds, which an event loop doesn't have. Thread safe.
 *
 * @param aside where public keys are worked with
 */
record Keyring(KeySource source, Executor aside) {
    private static final Executor ASIDE = task -> Thread.ofVirtual().name("token").start(task);

    Keyring(KeySource source) {
        this(source, ASIDE);
    }

    /** The keys of the configuration, or those that the issuer publishes. */
    static Keyring of(TokenConfig config) {
        if (config.jwksPublicEndpoint().isEmpty()) return new Keyring(new ConfiguredKeys(config));
        return new Keyring(
                new JwksKeys(
                        new JwksTemplate(config.jwksPublicEndpoint()),
                        new HttpKeySetFetch(HttpKeySetFetch.TIMEOUT)));
    }

    /**
     * Judges a token by the keys that may have signed it.
     *
     * @param variables as in {@link KeySource#find}
     * @return completes exceptionally if the keys can't be got
     */
    <T> CompletionStage<T> judge(
            UnverifiedToken token,
            Map<String, String> variables,
            long nowSeconds,
            Function<List<VerificationKey>, T> judge) {
        return source.find(token, variables, nowSeconds)
                .thenCompose(found -> {
                    boolean takesLong =
                            found.stream().anyMatch(key -> key.takesLong(token.algorithm()));
                    return takesLong
                            ? CompletableFuture.supplyAsync(() -> judge.apply(found), aside)
                            : CompletableFuture.completedFuture(judge.apply(found));
                });
    }
}
