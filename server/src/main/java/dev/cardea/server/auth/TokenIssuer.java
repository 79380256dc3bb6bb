package dev.cardea.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.cardea.server.config.TokenConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes tokens that {@link JwtVerifier} takes under the same rules, for the command line and for
 * tests; an application makes its own. The times are Unix seconds.
 */
public final class TokenIssuer {
    private final TokenConfig config;
    private final MACSigner signer;

    /**
     * Takes the rules that the tokens shall pass.
     *
     * @throws IllegalArgumentException if they have no secret
     */
    public TokenIssuer(TokenConfig config) {
        this.config = config;
        try {
            this.signer = new MACSigner(HmacKey.of(config.hmacSecretKey()));
        } catch (JOSEException e) {
            throw new IllegalStateException("no HMAC in this JDK", e);
        }
    }

    public String connection(String user, long issuedAt, long expires) {
        return signed(claims(user, issuedAt, expires));
    }

    public String subscription(String user, String channel, long issuedAt, long expires) {
        Map<String, Object> claims = claims(user, issuedAt, expires);
        claims.put("channel", channel);
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
        JWSObject jws = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
        try {
            jws.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("no HMAC in this JDK", e);
        }
        return jws.serialize();
    }
}
