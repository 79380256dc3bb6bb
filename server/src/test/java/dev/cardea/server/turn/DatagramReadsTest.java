package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class DatagramReadsTest {
    private static final int BYTES = 4096;

    private int wakeUp = 10;
    private final ExtendedHandle reads = new DatagramReads(BYTES, 4, () -> wakeUp).newHandle();

    private void wakeUp(int number) {
        wakeUp = number;
        reads.reset(new EmbeddedChannel().config());
    }

    /** The kernel had so many datagrams; whether it is to be asked again. */
    private boolean came(int datagrams, int bytes) {
        reads.attemptedBytesRead(reads.guess());
        reads.lastBytesRead(bytes);
        reads.incMessagesRead(datagrams);
        return reads.continueReading(() -> true);
    }

    @Test
    void asksForMoreWhileAllComeAndForFewerWhenTheyDont() {
        wakeUp(10);
        assertThat(came(1, 170)).as("one more look would mostly find nothing").isFalse();
        wakeUp(12);
        assertThat(came(1, 170)).isFalse();
        assertThat(reads.guess()).as("it is idle between").isEqualTo(BYTES);
        wakeUp(13);
        assertThat(came(1, 170)).isFalse();
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
        wakeUp(10);
        wakeUp(11);
        came(1, 170);
        came(2, 2 * BYTES);
        int looks = 0;
        while (came(4, 4 * BYTES)) looks++;
        assertThat(looks).isLessThan(20);
    }
}
