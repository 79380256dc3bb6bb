package dev.cardea.server.auth;

import dev.cardea.server.config.PemPublicKey;
import dev.cardea.server.config.TokenConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The keys that stand in the configuration. */
final class ConfiguredKeys implements KeySource {
    private final List<VerificationKey> keys = new ArrayList<>();
    private final @Nullable VerificationKey previousSecret;

    /** Unix time; 0: for ever. */
    private final long previousUntilSeconds;

    ConfiguredKeys(TokenConfig config) {
        String previous = config.hmacPreviousSecretKey();
        this.previousSecret = previous.isEmpty() ? null : VerificationKey.of(previous);
        this.previousUntilSeconds = config.hmacPreviousSecretKeyValidUntil();
        try {
            if (!config.hmacSecretKey().isEmpty()) {
                keys.add(VerificationKey.of(config.hmacSecretKey()));
            }
            if (!config.rsaPublicKey().isEmpty()) {
                keys.add(VerificationKey.of(PemPublicKey.rsa(config.rsaPublicKey())));
            }
            if (!config.ecdsaPublicKey().isEmpty()) {
                keys.add(VerificationKey.of(PemPublicKey.ecdsa(config.ecdsaPublicKey())));
            }
            if (!config.eddsaPublicKey().isEmpty()) {
                keys.add(VerificationKey.of(PemPublicKey.eddsa(config.eddsaPublicKey())));
            }
        } catch (PemPublicKey.Unusable e) {
            throw new IllegalArgumentException("a key that the configuration's check let pass", e);
        }
    }

    @Override
    public CompletionStage<List<VerificationKey>> find(
            UnverifiedToken token, Map<String, String> variables, long nowSeconds) {
        List<VerificationKey> found = new ArrayList<>(2);
        for (VerificationKey key : keys) {
            if (key.isFor(token.algorithm())) found.add(key);
        }
        boolean isPreviousGood = previousUntilSeconds == 0 || nowSeconds <= previousUntilSeconds;
        if (previousSecret != null && isPreviousGood && previousSecret.isFor(token.algorithm())) {
            found.add(previousSecret);
        }
        return CompletableFuture.completedFuture(found);
    }
}
