package dev.cardea.server.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever an operator pastes is read or refused. */
final class PemFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void pemIsReadOrRefused(byte[] bytes) {
        try {
            PrivateKeyPem.read("key_pem", Pem.parse("key_pem", new String(bytes, ISO_8859_1)));
        } catch (BadPem e) {
            // as it should be
        }
    }
}
