package dev.cardea.server.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.charset.StandardCharsets;

/**
 * {@code client.token} and {@code client.subscription_token}: how a JWT is verified.
 *
 * @param hmacPreviousSecretKeyValidUntil Unix time in seconds; 0 is for ever
 */
public record TokenConfig(
        @Setting(means = "secret that HS256, HS384 and HS512 tokens are signed with", secret = true)
                String hmacSecretKey,
        @Setting(
                        means =
                                "secret of before, accepted too while clients still have its tokens",
                        secret = true)
                String hmacPreviousSecretKey,
        @Setting(
                        is = "0",
                        means =
                                "Unix time up to which the previous secret is accepted; 0 is for ever")
                long hmacPreviousSecretKeyValidUntil,
        @Setting(means = "public key (PEM) of RS256, RS384 and RS512 tokens") String rsaPublicKey,
        @Setting(means = "public key (PEM) of ES256, ES384 or ES512 tokens, by its curve")
                String ecdsaPublicKey,
        @Setting(means = "public key (PEM) of EdDSA tokens: Ed25519") String eddsaPublicKey,
        @Setting(
                        means =
                                "address of the key set (JWKS) that tokens are verified with, instead of the"
                                        + " keys above; {{name}} in it is the group of that name in"
                                        + " issuer_regex or audience_regex")
                String jwksPublicEndpoint,
        @Setting(
                        is = "false",
                        means =
                                "lets such a group be anything, so that a token may say where its key comes"
                                        + " from; insecure")
                boolean insecureSkipJwksEndpointSafetyCheck,
        @Setting(means = "the audience that a token must name in aud; empty accepts any")
                String audience,
        @Setting(means = "regular expression that an audience of the token must match")
                String audienceRegex,
        @Setting(means = "the issuer that a token must name in iss; empty accepts any")
                String issuer,
        @Setting(means = "regular expression that the issuer of the token must match")
                String issuerRegex,
        @Setting(means = "claim with the user's id, instead of sub") String userIdClaim)
        implements Checked {

    // Centrifugo's rule for the name of a claim.
    private static final java.util.regex.Pattern CLAIM =
            java.util.regex.Pattern.compile("[a-zA-Z_]+");

    @Override
    public void check(Problems.Group problems) {
        if (!audience.isEmpty() && !audienceRegex.isEmpty()) {
            problems.add("audience_regex", "stands beside audience; set one of the two");
        }
        if (!issuer.isEmpty() && !issuerRegex.isEmpty()) {
            problems.add("issuer_regex", "stands beside issuer; set one of the two");
        }
        if (!userIdClaim.isEmpty() && !CLAIM.matcher(userIdClaim).matches()) {
            problems.add(
                    "user_id_claim",
                    "is \"" + userIdClaim + "\"; expected letters and underscores only");
        }
        warnOfShort(problems, "hmac_secret_key", hmacSecretKey);
        warnOfShort(problems, "hmac_previous_secret_key", hmacPreviousSecretKey);
        checkPattern(problems, "audience_regex", audienceRegex);
        checkPattern(problems, "issuer_regex", issuerRegex);
        checkPublicKeys(problems);
        if (!jwksPublicEndpoint.isEmpty()) checkEndpoint(problems);
    }

    private void checkPublicKeys(Problems.Group problems) {
        if (!rsaPublicKey.isEmpty()) {
            try {
                int bits = PemPublicKey.rsa(rsaPublicKey).getModulus().bitLength();
                // RFC 7518 section 3.3
                if (bits < 2048) {
                    problems.warn("rsa_public_key", "has %d bits; use 2048".formatted(bits));
                }
            } catch (PemPublicKey.Unusable e) {
                problems.add("rsa_public_key", e.why());
            }
        }
        if (!ecdsaPublicKey.isEmpty()) {
            try {
                PemPublicKey.ecdsa(ecdsaPublicKey);
            } catch (PemPublicKey.Unusable e) {
                problems.add("ecdsa_public_key", e.why());
            }
        }
        if (!eddsaPublicKey.isEmpty()) {
            try {
                PemPublicKey.eddsa(eddsaPublicKey);
            } catch (PemPublicKey.Unusable e) {
                problems.add("eddsa_public_key", e.why());
            }
        }
    }

    private void checkEndpoint(Problems.Group problems) {
        JwksTemplate template = new JwksTemplate(jwksPublicEndpoint);
        if (!template.isAddress()) {
            problems.add(
                    "jwks_public_endpoint",
                    "is \"" + jwksPublicEndpoint + "\"; expected an address with http or https");
            return;
        }
        if (template.isOpenToListeners()) {
            problems.warn(
                    "jwks_public_endpoint", "is http: whoever is in between can replace the keys");
        }
        String open = template.openVariable(issuerRegex, audienceRegex);
        if (open != null && insecureSkipJwksEndpointSafetyCheck) {
            problems.warn("jwks_public_endpoint", open);
        } else if (open != null) {
            problems.add("jwks_public_endpoint", open);
        }
        if (hasKeys()) {
            problems.warn(
                    "jwks_public_endpoint", "is set: keys and secrets beside it verify nothing");
        }
    }

    private boolean hasKeys() {
        return !(hmacSecretKey.isEmpty()
                && rsaPublicKey.isEmpty()
                && ecdsaPublicKey.isEmpty()
                && eddsaPublicKey.isEmpty());
    }

    /** RFC 7518 section 3.2 asks for as many bits as the hash has. */
    private static void warnOfShort(Problems.Group problems, String key, String secret) {
        int length = secret.getBytes(StandardCharsets.UTF_8).length;
        if (length > 0 && length < 32) {
            problems.warn(
                    key, "has %d bytes; with 32 or more it can't be guessed".formatted(length));
        }
    }

    static void checkPattern(Problems.Group problems, String key, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            problems.add(key, "is no regular expression: " + e.getMessage());
        }
    }
}
