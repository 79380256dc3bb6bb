package dev.cardea.server.auth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.util.Base64URL;
import dev.cardea.server.config.TokenConfig;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes tokens that {@link JwtVerifier} takes under the same rules, for the command line and for
 * tests; an application makes its own. The times are Unix seconds.
 */
public final class TokenIssuer {
    private final TokenConfig config;
    private final SigningKey key;
    private final String keyId;

    /**
     * Takes the rules that the tokens shall pass, and signs with their secret.
     *
     * @throws IllegalArgumentException if they have no secret
     */
    public TokenIssuer(TokenConfig config) {
        this(config, SigningKey.secret(config.hmacSecretKey()), "");
    }

    /**
     * Takes the rules that the tokens shall pass.
     *
     * @param keyId of the key in the issuer's key set; empty: the tokens don't say
     */
    public TokenIssuer(TokenConfig config, SigningKey key, String keyId) {
        this.config = config;
        this.key = key;
        this.keyId = keyId;
    }

    public String connection(String user, long issuedAt, long expires) {
        return connection(user, issuedAt, expires, Map.of());
    }

    /** With further claims, which win over the others. */
    public String connection(String user, long issuedAt, long expires, Map<String, ?> more) {
        Map<String, Object> claims = claims(user, issuedAt, expires);
        claims.putAll(more);
        return signed(claims);
    }

    public String subscription(String user, String channel, long issuedAt, long expires) {
        return subscription(user, channel, issuedAt, expires, Map.of());
    }

    /** With further claims, which win over the others. */
    public String subscription(
            String user, String channel, long issuedAt, long expires, Map<String, ?> more) {
        Map<String, Object> claims = claims(user, issuedAt, expires);
        claims.put("channel", channel);
        claims.putAll(more);
        return signed(claims);
    }

    private Map<String, Object> claims(String user, long issuedAt, long expires) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put(config.userIdClaim().isEmpty() ? "sub" : config.userIdClaim(), user);
        claims.put("iat", issuedAt);
        claims.put("exp", expires);
        if (!config.audience().isEmpty()) claims.put("aud", config.audience());
        if (!config.issuer().isEmpty()) claims.put("iss", config.issuer());
        return claims;
    }

    private String signed(Map<String, Object> claims) {
        JWSHeader.Builder header = new JWSHeader.Builder(key.algorithm());
        if (!keyId.isEmpty()) header.keyID(keyId);
        JWSHeader built = header.build();
        String signed = built.toBase64URL() + "." + new Payload(claims).toBase64URL();
        Base64URL signature = key.sign(built, signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + signature;
    }
}
