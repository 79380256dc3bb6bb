package dev.cardea.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublishedKeysTest {
    @TempDir Path folder;

    private String ec(String kid) {
        return KeySets.ec(kid, Curve.P_256, OpenSsl.ec(folder, "P-256"));
    }

    private static String and(String key, String more) {
        return key.substring(0, key.length() - 1) + "," + more + "}";
    }

    @Test
    void whatTokensAreNotSignedWithIsPassedOver() throws IOException {
        PublishedKeys keys =
                PublishedKeys.read(
                        KeySets.of(
                                ec("good"),
                                and(ec("for signatures"), "\"use\":\"sig\""),
                                and(ec("verifies"), "\"key_ops\":[\"verify\"]"),
                                and(ec("for encryption"), "\"use\":\"enc\""),
                                and(ec("signs only"), "\"key_ops\":[\"sign\"]"),
                                and(ec("private"), "\"d\":\"AAAA\""),
                                "{\"kty\":\"oct\",\"kid\":\"secret\",\"k\":\"AAAA\"}",
                                "{\"kty\":\"NEW\",\"kid\":\"unknown\"}",
                                "{\"kty\":\"RSA\",\"kid\":\"short\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
                                "{\"kty\":\"RSA\",\"kid\":\"broken\",\"n\":5}",
                                "{\"kty\":\"EC\",\"kid\":\"off the curve\",\"crv\":\"P-256\","
                                        + "\"x\":\"AAAA\",\"y\":\"AAAA\"}",
                                "{\"kty\":\"OKP\",\"kid\":\"cut\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
                                "{\"kty\":\"OKP\",\"kid\":\"x\",\"crv\":\"X25519\",\"x\":\"AA\"}",
                                "5",
                                "null",
                                "{\"kid\":{}}"));
        assertThat(keys.byId()).containsOnlyKeys("good", "for signatures", "verifies");
    }

    @Test
    void aKeyIsForTheAlgorithmThatTheSetNames() throws IOException {
        OpenSsl rsa = OpenSsl.rsa(folder, 2048);
        PublishedKeys keys =
                PublishedKeys.read(
                        KeySets.of(
                                KeySets.rsa("any", rsa),
                                and(KeySets.rsa("one", rsa), "\"alg\":\"RS512\""),
                                and(KeySets.rsa("none", rsa), "\"alg\":\"HS256\"")));
        assertThat(keys.find("any").getFirst().isFor(JWSAlgorithm.RS256)).isTrue();
        assertThat(keys.find("any").getFirst().isFor(JWSAlgorithm.HS256)).isFalse();
        assertThat(keys.find("one").getFirst().isFor(JWSAlgorithm.RS512)).isTrue();
        assertThat(keys.find("one").getFirst().isFor(JWSAlgorithm.RS256)).isFalse();
        assertThat(keys.find("none").getFirst().isFor(JWSAlgorithm.HS256)).isFalse();
        assertThat(keys.find("none").getFirst().isFor(JWSAlgorithm.RS256)).isFalse();
    }

    @Test
    void aSetOfTooManyKeysIsRefused() {
        String[] many = new String[PublishedKeys.MAX_KEYS + 1];
        java.util.Arrays.fill(many, "{}");
        assertThatThrownBy(() -> PublishedKeys.read(KeySets.of(many))).hasMessage("has 101 keys");
    }
}
