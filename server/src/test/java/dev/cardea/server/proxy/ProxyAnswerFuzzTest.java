package dev.cardea.server.proxy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.List;
import java.util.function.Consumer;

/** A backend may answer anything. */
final class ProxyAnswerFuzzTest {
    private static final List<Consumer<Bytes>> READERS =
            List.of(
                    ProxyAnswer::connect,
                    ProxyAnswer::renewal,
                    ProxyAnswer::subscribe,
                    ProxyAnswer::publish,
                    ProxyAnswer::rpc,
                    ProxyAnswer::taken);

    @FuzzTest(maxDuration = "1m")
    void everyAnswerIsReadOrRefused(byte[] json) {
        for (Consumer<Bytes> reader : READERS) {
            try {
                reader.accept(Bytes.wrap(json));
            } catch (Malformed e) {
                // as it should be
            }
        }
    }
}
