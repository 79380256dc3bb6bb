package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Writing a publication is done for each message of each channel: it makes no garbage. */
class AllocationTest {
    private static final Reply PUBLICATION =
            new Reply.Pushed(
                    new Push.Pub(
                            "news:über", // not ASCII alone
                            Publication.of(Bytes.utf8("{\"text\":\"" + "x".repeat(200) + "\"}"))
                                    .withOffset(1_000_000, "epoch")));

    @ParameterizedTest
    @FieldSource("dev.cardea.wire.centrifuge.Encoding#ALL")
    void writingAPublicationMakesNoGarbageButTheReaderThatChecksItsJson(Encoding encoding) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteWriter out = new ByteWriter(1024);
        write(encoding, out, 100); // links what is linked on first use
        long before = thread.getCurrentThreadAllocatedBytes();
        write(encoding, out, 10_000);
        long bytes = thread.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes)
                .as("bytes of garbage in 10,000 publications")
                .isLessThan(Encoding.JSON.equals(encoding) ? 1_600_000 : 10_000);
    }

    private static void write(Encoding encoding, ByteWriter out, int times) {
        for (int i = 0; i < times; i++) {
            out.clear();
            encoding.server().write(PUBLICATION, out);
        }
    }
}
