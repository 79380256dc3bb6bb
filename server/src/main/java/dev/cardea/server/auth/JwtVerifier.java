package dev.cardea.server.auth;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cardea.server.config.TokenConfig;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JSON Web Tokens (RFC 7519) by one set of rules: with the secret and public keys of the
 * configuration, or with those that the issuer publishes. Reads no clock: the time is an argument.
 * Safe for many threads; never blocks.
 *
 * <p>Stages are complete at once for a secret that stands in the configuration. For a public key
 * they complete on another thread, since such a signature takes up to milliseconds, which an event
 * loop doesn't have; and exceptionally if the keys can't be got.
 */
public final class JwtVerifier {
    private final TokenConfig config;
    private final Keyring keys;
    private final @Nullable Pattern audience;
    private final @Nullable Pattern issuer;

    public JwtVerifier(TokenConfig config) {
        this(config, Keyring.of(config));
    }

    /** Believes every token, whoever has signed it: for development. */
    static JwtVerifier withoutSignatures(TokenConfig config) {
        List<VerificationKey> any = List.of(VerificationKey.ANY);
        KeySource source = (_, _, _) -> CompletableFuture.completedFuture(any);
        return new JwtVerifier(config, new Keyring(source));
    }

    JwtVerifier(TokenConfig config, Keyring keys) {
        this.config = config;
        this.keys = keys;
        this.audience = pattern(config.audienceRegex());
        this.issuer = pattern(config.issuerRegex());
    }

    private static @Nullable Pattern pattern(String regex) {
        return regex.isEmpty() ? null : Pattern.compile(regex);
    }

    /** Verifies the token that a connect or refresh command brings. */
    public CompletionStage<Verification<ConnectionToken>> verifyConnection(
            String token, long nowSeconds) {
        return verify(token, nowSeconds, claims -> connection(claims, nowSeconds));
    }

    private Verification<ConnectionToken> connection(Claims claims, long nowSeconds)
            throws BadClaim {
        // A token made for one channel must not let its bearer in everywhere.
        if (!claims.channel.isEmpty()) throw new BadClaim("has a channel");
        if (!isTimely(claims, nowSeconds)) return new Verification.Expired<>();
        return new Verification.Valid<>(
                new ConnectionToken(
                        user(claims),
                        expireAt(claims),
                        claims.own.info(),
                        claims.meta,
                        subscriptions(claims),
                        claims.capabilities,
                        claims.tokenId()));
    }

    /** Verifies the token that a subscribe or sub_refresh command brings. */
    public CompletionStage<Verification<SubscriptionToken>> verifySubscription(
            String token, long nowSeconds) {
        return verify(token, nowSeconds, claims -> subscription(claims, nowSeconds));
    }

    private Verification<SubscriptionToken> subscription(Claims claims, long nowSeconds)
            throws BadClaim {
        if (!isTimely(claims, nowSeconds)) return new Verification.Expired<>();
        if (claims.channel.isEmpty()) throw new BadClaim("has no channel");
        return new Verification.Valid<>(
                new SubscriptionToken(
                        user(claims),
                        claims.channel,
                        claims.client,
                        expireAt(claims),
                        claims.own,
                        claims.allow,
                        claims.tokenId()));
    }

    private interface Judge<T> {
        /** Looks at the claims of a token with a good signature, for this audience. */
        Verification<T> judge(Claims claims) throws BadClaim;
    }

    private <T> CompletionStage<Verification<T>> verify(
            String text, long nowSeconds, Judge<T> judge) {
        UnverifiedToken token;
        Map<String, String> variables = new HashMap<>();
        try {
            token = UnverifiedToken.read(text, config.userIdClaim());
            matchAudience(token.claims(), variables);
            matchIssuer(token.claims(), variables);
        } catch (BadClaim e) {
            return CompletableFuture.completedFuture(invalid(e));
        }
        return keys.judge(token, variables, nowSeconds, found -> judged(token, found, judge));
    }

    private <T> Verification<T> judged(
            UnverifiedToken token, List<VerificationKey> found, Judge<T> judge) {
        try {
            if (found.stream().noneMatch(key -> key.isFor(token.algorithm()))) {
                throw new BadClaim("has an algorithm or a key id that there is no key for");
            }
            if (found.stream().noneMatch(key -> key.hasSigned(token.jws()))) {
                throw new BadClaim("has a wrong signature");
            }
            checkAudience(token.claims());
            checkIssuer(token.claims());
            return judge.judge(token.claims());
        } catch (BadClaim e) {
            return invalid(e);
        }
    }

    private static <T> Verification<T> invalid(BadClaim e) {
        return new Verification.Invalid<>(String.valueOf(e.getMessage()));
    }

    private void matchAudience(Claims claims, Map<String, String> variables) throws BadClaim {
        if (audience == null) return;
        for (String each : claims.audience) {
            if (match(audience, each, variables)) return;
        }
        throw new BadClaim("is for another audience");
    }

    private void matchIssuer(Claims claims, Map<String, String> variables) throws BadClaim {
        if (issuer != null && !match(issuer, claims.issuer, variables)) {
            throw new BadClaim("is of another issuer");
        }
    }

    private static boolean match(Pattern pattern, String claim, Map<String, String> variables) {
        Matcher matcher = pattern.matcher(claim);
        if (!matcher.find()) return false;
        for (String name : pattern.namedGroups().keySet()) {
            String value = matcher.group(name);
            if (value != null) variables.put(name, value);
        }
        return true;
    }

    private void checkAudience(Claims claims) throws BadClaim {
        if (!config.audience().isEmpty() && !claims.audience.contains(config.audience())) {
            throw new BadClaim("is for another audience");
        }
    }

    private void checkIssuer(Claims claims) throws BadClaim {
        if (!config.issuer().isEmpty() && !config.issuer().equals(claims.issuer)) {
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
