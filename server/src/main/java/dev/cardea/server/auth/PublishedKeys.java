package dev.cardea.server.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.cardea.server.config.PemPublicKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a JSON Web Key Set (RFC 7517) that tokens may be signed with, by their {@code
 * kid}. What else is in a set is passed over: secrets, private and unknown kinds of keys, keys for
 * encryption.
 */
record PublishedKeys(Map<String, List<VerificationKey>> byId) {
    static final PublishedKeys NONE = new PublishedKeys(Map.of());

    /** More keys than any signer has. */
    static final int MAX_KEYS = 100;

    //  SEQUENCE { SEQUENCE { OBJECT IDENTIFIER id-Ed25519 }, BIT STRING { 32 bytes } }  (RFC 8410)
    private static final byte[] ED25519_PREFIX = {
        0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0
    };
    private static final int ED25519_BYTES = 32;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            com.fasterxml.jackson.core.JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(20)
                                                    .build())
                                    .build())
                    .build();

    /**
     * Reads a set.
     *
     * @throws IOException it is none, or has too many keys; keys that are no good are passed over
     */
    static PublishedKeys read(byte[] json) throws IOException {
        JsonNode keys = tree(json).path("keys");
        if (!keys.isArray()) throw new IOException("is no JSON Web Key Set");
        if (keys.size() > MAX_KEYS) throw new IOException("has " + keys.size() + " keys");
        Map<String, List<VerificationKey>> byId = new HashMap<>();
        for (JsonNode key : keys) {
            String id = key.path("kid").asText("");
            VerificationKey usable = id.isEmpty() ? null : usable(key.toString());
            if (usable != null) byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(usable);
        }
        return new PublishedKeys(byId);
    }

    private static JsonNode tree(byte[] json) throws IOException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IOException("is no JSON");
        }
    }

    private static @Nullable VerificationKey usable(String json) {
        try {
            JWK key = JWK.parse(json);
            boolean isForSigning =
                    key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
            boolean verifies =
                    key.getKeyOperations() == null
                            || key.getKeyOperations().contains(KeyOperation.VERIFY);
            if (!isForSigning || !verifies || key.isPrivate()) return null;
            VerificationKey usable = verificationKey(key);
            Algorithm algorithm = key.getAlgorithm();
            if (usable == null || algorithm == null) return usable;
            return usable.onlyFor(JWSAlgorithm.parse(algorithm.getName()));
        } catch (ParseException
                | JOSEException
                | PemPublicKey.Unusable
                | GeneralSecurityException
                | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable VerificationKey verificationKey(JWK key)
            throws JOSEException, PemPublicKey.Unusable, GeneralSecurityException {
        return switch (key) {
            case RSAKey rsa -> VerificationKey.of(PemPublicKey.fit(rsa.toRSAPublicKey()));
            case ECKey ec -> VerificationKey.of(PemPublicKey.fit(ec.toECPublicKey()));
            case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
                    VerificationKey.of(ed25519(pair.getDecodedX()));
            default -> null;
        };
    }

    private static EdECPublicKey ed25519(byte[] x) throws GeneralSecurityException {
        if (x.length != ED25519_BYTES) throw new GeneralSecurityException("no 32 bytes");
        byte[] info = new byte[ED25519_PREFIX.length + ED25519_BYTES];
        System.arraycopy(ED25519_PREFIX, 0, info, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, info, ED25519_PREFIX.length, ED25519_BYTES);
        return (EdECPublicKey)
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
    }

    List<VerificationKey> find(String kid) {
        return byId.getOrDefault(kid, List.of());
    }

    boolean has(String kid) {
        return byId.containsKey(kid);
    }
}
