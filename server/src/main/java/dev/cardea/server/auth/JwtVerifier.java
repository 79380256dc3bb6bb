package dev.cardea.server.auth;

import com.google.re2j.Pattern;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import dev.cardea.server.config.TokenConfig;
import java.io.IOException;
import java.text.ParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JSON Web Tokens (RFC 7519) signed with HS256, HS384 or HS512, by one set of rules. Reads
 * no clock: the time is an argument. Safe for many threads; never blocks.
 */
public final class JwtVerifier {
    /** A longer token isn't looked at. */
    public static final int MAX_TOKEN_CHARS = 64 * 1024;

    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512);

    private final TokenConfig config;
    private final @Nullable JWSVerifier current;
    private final @Nullable JWSVerifier previous;
    private final @Nullable Pattern audience;
    private final @Nullable Pattern issuer;

    public JwtVerifier(TokenConfig config) {
        this.config = config;
        this.current = verifier(config.hmacSecretKey());
        this.previous = verifier(config.hmacPreviousSecretKey());
        this.audience = pattern(config.audienceRegex());
        this.issuer = pattern(config.issuerRegex());
    }

    private static @Nullable JWSVerifier verifier(String secret) {
        if (secret.isEmpty()) return null;
        try {
            return new MACVerifier(HmacKey.of(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("no HMAC in this JDK", e);
        }
    }

    private static @Nullable Pattern pattern(String regex) {
        return regex.isEmpty() ? null : Pattern.compile(regex);
    }

    /** Verifies the token that a connect or refresh command brings. */
    public Verification<ConnectionToken> verifyConnection(String token, long nowSeconds) {
        try {
            Claims claims = genuineClaims(token, nowSeconds);
            // A token made for one channel must not let its bearer in everywhere.
            if (!claims.channel.isEmpty()) throw new BadClaim("has a channel");
            if (!isTimely(claims, nowSeconds)) return new Verification.Expired<>();
            return new Verification.Valid<>(
                    new ConnectionToken(
                            user(claims),
                            expireAt(claims),
                            claims.own.info(),
                            claims.meta,
                            subscriptions(claims)));
        } catch (BadClaim e) {
            return new Verification.Invalid<>(reason(e));
        }
    }

    /** Verifies the token that a subscribe or sub_refresh command brings. */
    public Verification<SubscriptionToken> verifySubscription(String token, long nowSeconds) {
        try {
            Claims claims = genuineClaims(token, nowSeconds);
            if (!isTimely(claims, nowSeconds)) return new Verification.Expired<>();
            if (claims.channel.isEmpty()) throw new BadClaim("has no channel");
            return new Verification.Valid<>(
                    new SubscriptionToken(
                            user(claims),
                            claims.channel,
                            claims.client,
                            expireAt(claims),
                            claims.own));
        } catch (BadClaim e) {
            return new Verification.Invalid<>(reason(e));
        }
    }

    private static String reason(BadClaim e) {
        return String.valueOf(e.getMessage());
    }

    /** The claims of a token with a good signature, for this audience, of this issuer. */
    private Claims genuineClaims(String token, long nowSeconds) throws BadClaim {
        if (token.length() > MAX_TOKEN_CHARS) throw new BadClaim("is too long");
        try {
            JWSObject jws = JWSObject.parse(token);
            if (!ALGORITHMS.contains(jws.getHeader().getAlgorithm())) {
                throw new BadClaim("has another algorithm than HS256, HS384 or HS512");
            }
            if (!isSigned(jws, nowSeconds)) throw new BadClaim("has a wrong signature");
            Claims claims = Claims.read(jws.getPayload().toBytes(), config.userIdClaim());
            checkAudience(claims);
            checkIssuer(claims);
            return claims;
        } catch (ParseException | IOException e) {
            throw new BadClaim("is no JSON Web Token");
        }
    }

    /** The library compares signatures in constant time. */
    private boolean isSigned(JWSObject jws, long nowSeconds) throws BadClaim {
        if (current == null) throw new BadClaim("can't be verified: there is no secret");
        long until = config.hmacPreviousSecretKeyValidUntil();
        boolean isPreviousGood = previous != null && (until == 0 || nowSeconds <= until);
        try {
            return jws.verify(current)
                    || (isPreviousGood && previous != null && jws.verify(previous));
        } catch (JOSEException e) {
            return false;
        }
    }

    private void checkAudience(Claims claims) throws BadClaim {
        if (!config.audience().isEmpty() && !claims.audience.contains(config.audience())) {
            throw new BadClaim("is for another audience");
        }
        if (audience != null
                && claims.audience.stream().noneMatch(aud -> audience.matcher(aud).find())) {
            throw new BadClaim("is for another audience");
        }
    }

    private void checkIssuer(Claims claims) throws BadClaim {
        boolean isOther = !config.issuer().isEmpty() && !config.issuer().equals(claims.issuer);
        if (isOther || (issuer != null && !issuer.matcher(claims.issuer).find())) {
            throw new BadClaim("is of another issuer");
        }
    }

    /**
     * RFC 7519 sections 4.1.4 and 4.1.5. A token before its time is 'expired', as in Centrifugo.
     */
    private static boolean isTimely(Claims claims, long nowSeconds) {
        return (claims.expires == null || nowSeconds < claims.expires)
                && (claims.notBefore == null || nowSeconds >= claims.notBefore);
    }

    private String user(Claims claims) {
        return config.userIdClaim().isEmpty() ? claims.subject : claims.userIdClaim;
    }

    /** {@code expire_at} wins over {@code exp}, and 0 there is never. */
    private static long expireAt(Claims claims) {
        if (claims.expireAt != null) return claims.expireAt;
        return claims.expires == null ? 0 : claims.expires;
    }

    /** {@code subs}, or {@code channels} if there is none. */
    private static Map<String, TokenSubscription> subscriptions(Claims claims) {
        Map<String, TokenSubscription> subscriptions = new LinkedHashMap<>(claims.subscriptions);
        if (subscriptions.isEmpty()) {
            for (String channel : claims.channels) {
                subscriptions.put(channel, TokenSubscription.PLAIN);
            }
        }
        return Collections.unmodifiableMap(subscriptions);
    }
}
