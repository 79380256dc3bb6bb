package dev.cardea.server.auth;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** What an issuer, or whoever stands in its place, sends as its key set. */
final class PublishedKeysFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void aKeySetIsReadOrRefused(byte[] json) {
        try {
            PublishedKeys.read(json);
        } catch (IOException e) {
            // as it should be
        }
    }
}
