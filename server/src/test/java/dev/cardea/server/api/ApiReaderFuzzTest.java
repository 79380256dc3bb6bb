package dev.cardea.server.api;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;

class ApiReaderFuzzTest {
    /** Whoever has no key is never read; who has one may still send anything. */
    @FuzzTest(maxDuration = "1m")
    void everyMethodReadsOrRefusesAnyBody(byte[] body) {
        for (ApiMethod method : ApiMethod.values()) {
            try {
                JsonReader in = ApiReader.of(Bytes.wrap(body));
                method.read(in);
                in.end();
            } catch (Malformed _) {
                // as it should be
            }
        }
    }
}
