package dev.cardea.server.config;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** {@code mercure.publisher_jwt} and {@code mercure.subscriber_jwt}: how tokens are verified. */
public record MercureJwtConfig(
        @Setting(
                        means =
                                "secret of HMAC, or public key (PEM); without it and without jwks_url no"
                                        + " token is accepted",
                        secret = true)
                String key,
        @Setting(
                        is = "HS256",
                        means =
                                "the one algorithm that tokens may be signed with: HS256, RS256, ES256, their"
                                        + " 384 and 512, or EdDSA")
                String algorithm,
        @Setting(means = "address of the key set (JWKS) to verify with, instead of a key")
                String jwksUrl,
        @Setting(means = "the issuer that tokens of version 1.0 must name; empty accepts any")
                String issuer)
        implements Checked {
    private static final Set<String> ALGORITHMS =
            Set.of(
                    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
                    "EdDSA");

    /** Whether any token can be good. */
    public boolean isSet() {
        return !key.isEmpty() || !jwksUrl.isEmpty();
    }

    /** The same in the words of {@code client.token}. */
    public TokenConfig asTokenConfig() {
        return new TokenConfig(
                algorithm.startsWith("HS") ? key : "",
                "",
                0,
                algorithm.startsWith("RS") ? key : "",
                algorithm.startsWith("ES") ? key : "",
                algorithm.startsWith("Ed") ? key : "",
                jwksUrl,
                false,
                "",
                "",
                "",
                "",
                "");
    }

    @Override
    public void check(Problems.Group problems) {
        if (!ALGORITHMS.contains(algorithm)) {
            problems.add("algorithm", "is \"" + algorithm + "\"; expected one such as HS256");
            return;
        }
        if (!key.isEmpty()) checkKey(problems);
        if (jwksUrl.isEmpty()) return;
        if (!new JwksTemplate(jwksUrl).isAddress())
            problems.add(
                    "jwks_url", "is \"" + jwksUrl + "\"; expected an address with http or https");
        if (!key.isEmpty()) problems.warn("jwks_url", "is set: the key beside it verifies nothing");
    }

    private void checkKey(Problems.Group problems) {
        try {
            switch (algorithm.substring(0, 2)) {
                case "RS" -> PemPublicKey.rsa(key);
                case "ES" -> PemPublicKey.ecdsa(key);
                case "Ed" -> PemPublicKey.eddsa(key);
                default -> warnOfShort(problems);
            }
        } catch (PemPublicKey.Unusable e) {
            problems.add("key", e.why());
        }
    }

    /** RFC 7518 section 3.2 asks for as many bits as the hash has. */
    private void warnOfShort(Problems.Group problems) {
        int length = key.getBytes(StandardCharsets.UTF_8).length;
        if (length < 32)
            problems.warn(
                    "key", "has %d bytes; with 32 or more it can't be guessed".formatted(length));
    }
}
