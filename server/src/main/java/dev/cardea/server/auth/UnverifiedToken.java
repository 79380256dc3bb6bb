package dev.cardea.server.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import java.io.IOException;
import java.text.ParseException;

/** A token that was read and not yet believed (RFC 7515 section 5.2, up to step 7). */
record UnverifiedToken(JWSObject jws, Claims claims) {
    /** A longer token isn't looked at. */
    static final int MAX_CHARS = 64 * 1024;

    /**
     * Reads a token.
     *
     * @param userIdClaim the claim that names the user instead of {@code sub}; empty if none
     */
    static UnverifiedToken read(String token, String userIdClaim) throws BadClaim {
        try {
            JWSObject jws = parse(token);
            return new UnverifiedToken(jws, Claims.read(jws.getPayload().toBytes(), userIdClaim));
        } catch (IOException e) {
            throw new BadClaim("is no JSON Web Token");
        }
    }

    /** A token whose claims somebody else reads. */
    static UnverifiedToken withoutClaims(String token) throws BadClaim {
        return new UnverifiedToken(parse(token), Claims.none());
    }

    private static JWSObject parse(String token) throws BadClaim {
        if (token.length() > MAX_CHARS) throw new BadClaim("is too long");
        try {
            JWSObject jws = JWSObject.parse(token);
            JWSHeader header = jws.getHeader();
            // Nothing that a header may call critical means anything here (section 4.1.11).
            if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
                throw new BadClaim("has a critical header");
            }
            return jws;
        } catch (ParseException e) {
            throw new BadClaim("is no JSON Web Token");
        }
    }

    JWSAlgorithm algorithm() {
        return jws.getHeader().getAlgorithm();
    }

    /** Which of the signer's keys it says that it was signed with; empty if it says nothing. */
    String keyId() {
        String kid = jws.getHeader().getKeyID();
        return kid == null ? "" : kid;
    }
}
