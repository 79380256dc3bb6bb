package dev.cardea.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.TestTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsMaterialTest {
    private static String file(String name) {
        return TestTls.file(name);
    }

    private static String text(String name) throws Exception {
        return Files.readString(Path.of(file(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "server-cert.pem, server-key.pem, RSA",
        "server-cert.pem, server-key-pkcs1.pem, RSA",
        "ec-cert.pem, ec-key.pem, EC",
        "ec-cert.pem, ec-key-sec1.pem, EC",
        "ed25519-cert.pem, ed25519-key.pem, EdDSA"
    })
    void everyKindOfKeyThatOpensslWritesIsRead(String cert, String key, String algorithm)
            throws Exception {
        TlsMaterial material = TlsMaterial.load(file(cert), file(key), "");
        assertThat(material.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(material.clientCas()).isEmpty();
    }

    @Test
    void pemMayStandInTheSettingItselfOrInBase64() throws Exception {
        TlsMaterial fromFiles = TlsMaterial.load(file("ec-cert.pem"), file("ec-key.pem"), "");
        String base64 =
                Base64.getEncoder()
                        .encodeToString(text("ec-key.pem").getBytes(StandardCharsets.US_ASCII));
        assertThat(TlsMaterial.load(text("ec-cert.pem"), base64, "")).isEqualTo(fromFiles);
    }

    @Test
    void aChainIsReadInItsOrder() throws Exception {
        String chain = text("ec-cert.pem") + "some words between\n" + text("server-cert.pem");
        TlsMaterial material = TlsMaterial.load(chain, text("ec-key.pem"), text("client-ca.pem"));
        assertThat(material.chain()).hasSize(2);
        assertThat(material.clientCas()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "none.pem, server-key.pem, cert_pem, 'is neither PEM, nor PEM in base64, nor a file that can"
                + " be read (NoSuchFileException)'",
        "README.md, server-key.pem, cert_pem, is a file that has no PEM in it",
        "server-key.pem, server-key.pem, cert_pem, has no certificate in it",
        "server-cert.pem, server-cert.pem, key_pem, has no private key in it",
        "server-cert.pem, ec-key.pem, key_pem, isn't the key of the certificate in cert_pem",
        "ec-cert.pem, client-key.pem, key_pem, isn't the key of the certificate in cert_pem",
        "server-cert.pem, encrypted-pkcs1.pem, key_pem, is encrypted; expected a key without a"
                + " passphrase",
        "server-cert.pem, encrypted-pkcs8.pem, key_pem, is encrypted; expected a key without a"
                + " passphrase",
    })
    void whatIsWrongIsNamed(String cert, String key, String setting, String message) {
        assertThatThrownBy(() -> TlsMaterial.load(file(cert), file(key), ""))
                .isInstanceOfSatisfying(
                        BadPem.class, e -> assertThat(e.setting()).isEqualTo(setting))
                .hasMessage(message);
    }

    @Test
    void aKeyThatWasCutShortIsRefusedAndNotShown() throws Exception {
        String half = text("server-key.pem").substring(0, 200);
        assertThatThrownBy(() -> TlsMaterial.load(file("server-cert.pem"), half, ""))
                .hasMessage("has PEM that is cut short");
    }
}
