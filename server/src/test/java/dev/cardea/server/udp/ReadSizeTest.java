package dev.cardea.server.udp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadSizeTest {
    private final ReadSize reads = new ReadSize(4);

    @Test
    void asksForMoreWhileAllComeAndForFewerWhenTheyDont() {
        reads.begin(10);
        assertThat(reads.came(1)).as("one more look would mostly find nothing").isFalse();
        reads.begin(12);
        assertThat(reads.came(1)).isFalse();
        assertThat(reads.atOnce()).as("it is idle between").isEqualTo(1);
        reads.begin(13);
        assertThat(reads.came(1)).isFalse();
        assertThat(reads.atOnce()).isEqualTo(2);
        assertThat(reads.came(2)).isTrue();
        assertThat(reads.came(4)).isTrue();
        assertThat(reads.atOnce()).as("there is a bound").isEqualTo(4);
        assertThat(reads.came(3)).isFalse();
        assertThat(reads.atOnce()).isEqualTo(4);
        assertThat(reads.came(1)).isFalse();
        assertThat(reads.atOnce()).isEqualTo(2);
        assertThat(reads.came(0)).isFalse();
        assertThat(reads.atOnce()).isEqualTo(1);
        assertThat(reads.came(0)).isFalse();
        assertThat(reads.atOnce()).isEqualTo(1);
    }
}
