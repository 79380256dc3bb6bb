package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class DatagramReadsTest {
    private static final int BYTES = 4096;

    private final ExtendedHandle reads = new DatagramReads(BYTES, 4).newHandle();

    /** The kernel had so many datagrams; whether it is to be asked again. */
    private boolean came(int datagrams, int bytes) {
        reads.attemptedBytesRead(reads.guess());
        reads.lastBytesRead(bytes);
        reads.incMessagesRead(datagrams);
        return reads.continueReading(() -> true);
    }

    @Test
    void asksForMoreWhileAllComeAndForFewerWhenTheyDont() {
        reads.reset(new EmbeddedChannel().config());
        assertThat(reads.guess()).isEqualTo(BYTES);
        assertThat(came(1, 170)).as("one more look would mostly find nothing").isFalse();
        assertThat(reads.guess()).isEqualTo(2 * BYTES);
        assertThat(came(2, 2 * BYTES)).isTrue();
        assertThat(came(4, 4 * BYTES)).isTrue();
        assertThat(reads.guess()).as("there is a bound").isEqualTo(4 * BYTES);
        assertThat(came(3, 3 * BYTES)).isFalse();
        assertThat(reads.guess()).isEqualTo(4 * BYTES);
        assertThat(came(1, BYTES)).isFalse();
        assertThat(reads.guess()).isEqualTo(2 * BYTES);
        assertThat(came(0, -1)).isFalse();
        assertThat(reads.guess()).isEqualTo(BYTES);
        assertThat(came(0, -1)).isFalse();
        assertThat(reads.guess()).isEqualTo(BYTES);
    }

    @Test
    void aFloodDoesNotKeepTheLoopForEver() {
        reads.reset(new EmbeddedChannel().config());
        came(1, 170);
        came(2, 2 * BYTES);
        int looks = 0;
        while (came(4, 4 * BYTES)) looks++;
        assertThat(looks).isLessThan(20);
    }
}
