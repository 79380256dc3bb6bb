package dev.cardea.server.auth;

import dev.cardea.messaging.mercure.Rights;
import dev.cardea.messaging.mercure.SelectorCache;
import dev.cardea.server.config.MercureJwtConfig;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.mercure.Generation;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Verifies the tokens of a Mercure hub's publishers, or of its subscribers, of both versions: those
 * of 1.0 are access tokens (RFC 9068) and say so in {@code typ}. Safe for many threads; never
 * blocks. Stages complete exceptionally if the keys can't be got.
 */
public final class MercureTokens {
    private static final String ACCESS_TOKEN = "at+jwt";

    private final MercureJwtConfig config;
    private final String audience;
    private final SelectorCache selectors;
    private final Keyring keys;

    /**
     * @param audience what tokens of version 1.0 must name; empty: anything
     */
    public MercureTokens(MercureJwtConfig config, String audience, SelectorCache selectors) {
        this.config = config;
        this.audience = audience;
        this.selectors = selectors;
        this.keys = Keyring.of(config.asTokenConfig());
    }

    /** Whether any token can be good. */
    public boolean areAccepted() {
        return config.isSet();
    }

    public CompletionStage<Verification<Rights>> verify(String text, long nowSeconds) {
        UnverifiedToken token;
        try {
            token = UnverifiedToken.withoutClaims(text);
        } catch (BadClaim e) {
            return CompletableFuture.completedFuture(invalid(e));
        }
        return keys.judge(token, Map.of(), nowSeconds, found -> judged(token, found, nowSeconds));
    }

    private static Verification<Rights> invalid(Exception e) {
        return new Verification.Invalid<>(String.valueOf(e.getMessage()));
    }

    private Verification<Rights> judged(
            UnverifiedToken token, List<VerificationKey> found, long nowSeconds) {
        try {
            boolean isOfKeySet = !config.jwksUrl().isEmpty();
            if (!isOfKeySet && !token.algorithm().getName().equals(config.algorithm()))
                throw new BadClaim("has another algorithm");
            if (found.stream().noneMatch(key -> key.hasSigned(token.jws())))
                throw new BadClaim("has a wrong signature");
            return rights(token, nowSeconds);
        } catch (BadClaim | IOException e) {
            return invalid(e);
        }
    }

    private Verification<Rights> rights(UnverifiedToken token, long nowSeconds)
            throws IOException, BadClaim {
        boolean isOfVersion1 = isAccessToken(token);
        MercureClaims claims =
                MercureClaims.read(token.jws().getPayload().toBytes(), isOfVersion1, selectors);
        if (isOfVersion1) check(claims);
        else if (claims.hasDetails) throw new BadClaim("is of version 1.0, but no at+jwt");
        boolean isTimely =
                (claims.expires == null || nowSeconds < claims.expires)
                        && (claims.notBefore == null || nowSeconds >= claims.notBefore);
        if (!isTimely) return new Verification.Expired<>();
        return new Verification.Valid<>(
                claims.rights.build(
                        isOfVersion1 ? Generation.ONE : Generation.ZERO,
                        isOfVersion1 ? Bytes.EMPTY : claims.payload,
                        claims.expires == null ? 0 : claims.expires));
    }

    /** RFC 7515 section 4.1.9: with or without the prefix, in any case. */
    private static boolean isAccessToken(UnverifiedToken token) {
        if (token.jws().getHeader().getType() == null) return false;
        String type = token.jws().getHeader().getType().toString().toLowerCase(Locale.ROOT);
        return type.equals(ACCESS_TOKEN) || type.equals("application/" + ACCESS_TOKEN);
    }

    /** RFC 9068 section 4. */
    private void check(MercureClaims claims) throws BadClaim {
        if (claims.expires == null) throw new BadClaim("never expires");
        if (claims.issuer.isEmpty()) throw new BadClaim("has no issuer");
        if (!config.issuer().isEmpty() && !config.issuer().equals(claims.issuer))
            throw new BadClaim("is of another issuer");
        if (claims.audience.isEmpty()) throw new BadClaim("is for nobody");
        if (!audience.isEmpty() && !claims.audience.contains(audience))
            throw new BadClaim("is for another audience");
    }
}
