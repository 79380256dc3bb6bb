package dev.cardea.server.auth;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Claims are judged before anything else is known of a client; nothing in them may surprise. */
final class ClaimsFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void claimsAreReadOrRefused(byte[] json) {
        try {
            Claims.read(json, "uid");
        } catch (IOException | BadClaim e) {
            // as it should be
        }
    }
}
