package dev.cardea.server.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** What an operator pastes as a key. */
final class PemPublicKeyFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void aKeyIsReadOrRefused(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String block = "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----";
        for (String pem : new String[] {text, block}) {
            try {
                PemPublicKey.rsa(pem);
                PemPublicKey.ecdsa(pem);
                PemPublicKey.eddsa(pem);
            } catch (PemPublicKey.Unusable e) {
                // as it should be
            }
        }
    }
}
