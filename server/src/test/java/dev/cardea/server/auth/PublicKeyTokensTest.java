package dev.cardea.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.auth.Verification.Invalid;
import dev.cardea.server.auth.Verification.Valid;
import dev.cardea.server.config.TokenConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PublicKeyTokensTest {
    private static final long NOW = 1_000_000;
    private static final String CLAIMS = "{\"sub\":\"alice\",\"exp\":1000001}";

    @TempDir Path folder;

    private static Verification<ConnectionToken> verified(JwtVerifier verifier, String token) {
        return verifier.verifyConnection(token, NOW).toCompletableFuture().join();
    }

    private static String reason(Verification<?> verification) {
        if (verification instanceof Invalid<?>(String reason)) return reason;
        throw new AssertionError(verification);
    }

    @Test
    void threeHashesAreTakenWithAnRsaKey() {
        OpenSsl key = OpenSsl.rsa(folder, 2048);
        JwtVerifier verifier = Rules.with("rsa_public_key", key.publicPem()).verifier();
        for (String algorithm : new String[] {"RS256", "RS384", "RS512"}) {
            String token = key.token(algorithm, CLAIMS);
            assertThat(verified(verifier, token)).as(algorithm).isInstanceOf(Valid.class);
            assertThat(reason(verified(verifier, damaged(token))))
                    .as(algorithm)
                    .isEqualTo("has a wrong signature");
        }
    }

    @ParameterizedTest
    @CsvSource({"P-256, ES256", "P-384, ES384", "P-521, ES512"})
    void aKeyOfACurveIsForItsOwnAlgorithm(String curve, String algorithm) {
        OpenSsl key = OpenSsl.ec(folder, curve);
        JwtVerifier verifier = Rules.with("ecdsa_public_key", key.publicPem()).verifier();
        String token = key.token(algorithm, CLAIMS);
        assertThat(verified(verifier, token)).isInstanceOf(Valid.class);
        assertThat(reason(verified(verifier, damaged(token)))).isEqualTo("has a wrong signature");
        for (String other : new String[] {"ES256", "ES384", "ES512"}) {
            if (other.equals(algorithm)) continue;
            String crossed = key.token(algorithm, "{\"alg\":\"" + other + "\"}", CLAIMS);
            assertThat(reason(verified(verifier, crossed)))
                    .isEqualTo("has an algorithm or a key id that there is no key for");
        }
    }

    @Test
    void aSignatureOfZerosIsNone() {
        OpenSsl key = OpenSsl.ec(folder, "P-256");
        JwtVerifier verifier = Rules.with("ecdsa_public_key", key.publicPem()).verifier();
        String token = key.token("ES256", CLAIMS);
        String zeros = HandMadeToken.base64(new byte[64]);
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + zeros;
        assertThat(reason(verified(verifier, forged))).isEqualTo("has a wrong signature");
    }

    @Test
    void ed25519IsTakenUnderBothOfItsNames() {
        OpenSsl key = OpenSsl.ed25519(folder);
        JwtVerifier verifier = Rules.with("eddsa_public_key", key.publicPem()).verifier();
        for (String algorithm : new String[] {"EdDSA", "Ed25519"}) {
            String token = key.token(algorithm, CLAIMS);
            assertThat(verified(verifier, token)).as(algorithm).isInstanceOf(Valid.class);
            assertThat(reason(verified(verifier, damaged(token))))
                    .isEqualTo("has a wrong signature");
        }
        String token = key.token("EdDSA", CLAIMS);
        String cut = token.substring(0, token.lastIndexOf('.') + 5);
        assertThat(reason(verified(verifier, cut))).isEqualTo("has a wrong signature");
    }

    @Test
    void whatIsSignedWithThePrivateKeyIsTaken() throws Exception {
        for (OpenSsl key :
                new OpenSsl[] {
                    OpenSsl.rsa(folder, 2048),
                    OpenSsl.ec(folder, "P-256"),
                    OpenSsl.ec(folder, "P-384"),
                    OpenSsl.ec(folder, "P-521"),
                    OpenSsl.ed25519(folder)
                }) {
            SigningKey signing = SigningKey.pem(Files.readString(key.privateKeyFile()));
            String name =
                    switch (signing.algorithm().getName().substring(0, 2)) {
                        case "RS" -> "rsa_public_key";
                        case "ES" -> "ecdsa_public_key";
                        default -> "eddsa_public_key";
                    };
            TokenConfig rules = Rules.with(name, key.publicPem()).config();
            TokenIssuer issuer = new TokenIssuer(rules, signing, "k");
            String token = issuer.connection("alice", NOW, NOW + 1, Map.of("info", Map.of("a", 1)));
            if (!(verified(new JwtVerifier(rules), token)
                    instanceof Valid<ConnectionToken>(ConnectionToken valid))) {
                throw new AssertionError(name);
            }
            assertThat(valid.user()).isEqualTo("alice");
            assertThat(valid.info().toUtf8()).isEqualTo("{\"a\":1}");
        }
        assertThatThrownBy(() -> SigningKey.pem("x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEventLoopNeverChecksASignatureOfAPublicKey() {
        OpenSsl key = OpenSsl.ec(folder, "P-521");
        TokenConfig rules =
                Rules.with("ecdsa_public_key", key.publicPem())
                        .and("hmac_secret_key", HandMadeToken.SECRET)
                        .config();
        Queue<Runnable> aside = new ArrayDeque<>();
        JwtVerifier verifier =
                new JwtVerifier(rules, new Keyring(new ConfiguredKeys(rules), aside::add));
        var secret = verifier.verifyConnection(HandMadeToken.of(CLAIMS), NOW);
        assertThat(secret.toCompletableFuture()).isDone();
        assertThat(aside).isEmpty();
        var dear = verifier.verifyConnection(key.token("ES512", CLAIMS), NOW).toCompletableFuture();
        assertThat(dear).isNotDone();
        aside.remove().run();
        assertThat(dear.join()).isInstanceOf(Valid.class);
    }

    @Test
    void keysOfAllKindsStandBesideASecret() {
        OpenSsl rsa = OpenSsl.rsa(folder, 2048);
        OpenSsl ec = OpenSsl.ec(folder, "P-256");
        OpenSsl ed = OpenSsl.ed25519(folder);
        JwtVerifier verifier =
                Rules.with("rsa_public_key", rsa.publicPem())
                        .and("ecdsa_public_key", ec.publicPem())
                        .and("eddsa_public_key", ed.publicPem())
                        .and("hmac_secret_key", HandMadeToken.SECRET)
                        .verifier();
        assertThat(verified(verifier, rsa.token("RS256", CLAIMS))).isInstanceOf(Valid.class);
        assertThat(verified(verifier, ec.token("ES256", CLAIMS))).isInstanceOf(Valid.class);
        assertThat(verified(verifier, ed.token("EdDSA", CLAIMS))).isInstanceOf(Valid.class);
        assertThat(verified(verifier, HandMadeToken.of(CLAIMS))).isInstanceOf(Valid.class);
    }

    @Test
    void aPublicKeyIsNoSecret() {
        OpenSsl rsa = OpenSsl.rsa(folder, 2048);
        OpenSsl ec = OpenSsl.ec(folder, "P-256");
        JwtVerifier verifier =
                Rules.with("rsa_public_key", rsa.publicPem())
                        .and("ecdsa_public_key", ec.publicPem())
                        .verifier();
        for (String pem : new String[] {rsa.publicPem(), rsa.publicPem().strip(), ec.publicPem()}) {
            String token = HandMadeToken.of("{\"alg\":\"HS256\"}", CLAIMS, "HmacSHA256", pem);
            assertThat(reason(verified(verifier, token)))
                    .isEqualTo("has an algorithm or a key id that there is no key for");
        }
        JwtVerifier withSecret =
                Rules.with("rsa_public_key", rsa.publicPem())
                        .and("hmac_secret_key", HandMadeToken.SECRET)
                        .verifier();
        String token =
                HandMadeToken.of("{\"alg\":\"HS256\"}", CLAIMS, "HmacSHA256", rsa.publicPem());
        assertThat(reason(verified(withSecret, token))).isEqualTo("has a wrong signature");
    }

    @Test
    void whatCentrifugoDoesNotTakeIsNotTaken() {
        OpenSsl key = OpenSsl.rsa(folder, 2048);
        JwtVerifier verifier = Rules.with("rsa_public_key", key.publicPem()).verifier();
        for (String algorithm : new String[] {"PS256", "ES256", "none", "RS1", "HS256"}) {
            String token = key.token("RS256", "{\"alg\":\"" + algorithm + "\"}", CLAIMS);
            assertThat(verified(verifier, token)).as(algorithm).isInstanceOf(Invalid.class);
        }
    }

    @Test
    void anRsaKeyIsReadInEveryFormThatToolsWrite() {
        OpenSsl key = OpenSsl.rsa(folder, 2048);
        String token = key.token("RS256", CLAIMS);
        for (String pem :
                new String[] {
                    key.publicPem(),
                    key.pkcs1Pem(),
                    key.certificatePem(),
                    key.publicPem().replace("\n", "\r\n"),
                    key.publicPem().replace("\n", "\\n")
                }) {
            JwtVerifier verifier = Rules.with("rsa_public_key", pem.replace("\r", "")).verifier();
            assertThat(verified(verifier, token)).as(pem).isInstanceOf(Valid.class);
        }
    }

    @Test
    void aKeyThatCannotBeUsedStopsTheStart() {
        OpenSsl rsa = OpenSsl.rsa(folder, 2048);
        OpenSsl ec = OpenSsl.ec(folder, "P-256");
        stops("rsa_public_key", "x", "is no public key in PEM");
        stops("rsa_public_key", ec.publicPem(), "is a key for EC; expected one for RSA");
        stops("ecdsa_public_key", rsa.publicPem(), "is a key for RSA; expected one for ECDSA");
        stops("eddsa_public_key", rsa.publicPem(), "is a key for RSA; expected one for EdDSA");
        stops("rsa_public_key", OpenSsl.rsa(folder, 512).publicPem(), "has 512 bits");
        stops(
                "ecdsa_public_key",
                OpenSsl.ec(folder, "secp256k1").publicPem(),
                "is on another curve than P-256, P-384 and P-521");
        stops(
                "eddsa_public_key",
                OpenSsl.made(folder, "ed448", "ED448", "").publicPem(),
                "is on another curve than Ed25519");
        String secret = rsa.publicPem().replace("PUBLIC KEY", "PRIVATE KEY");
        stops("rsa_public_key", secret, "is no public key, but: PRIVATE KEY");
        stops(
                "rsa_public_key",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
                "can't be read as a public key");
    }

    private static void stops(String key, String value, String message) {
        assertThatThrownBy(() -> Rules.with(key, value).config())
                .hasMessageContaining("client.token." + key + " " + message);
    }

    /** One bit of the signature is another. */
    private static String damaged(String token) {
        int at = token.lastIndexOf('.') + 20;
        char other = token.charAt(at) == 'A' ? 'B' : 'A';
        return token.substring(0, at) + other + token.substring(at + 1);
    }
}
