package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpellingTest {
    @Test
    void distanceCountsEditsAndSwaps() {
        assertThat(Spelling.distance("port", "port")).isZero();
        assertThat(Spelling.distance("prot", "port")).isEqualTo(1);
        assertThat(Spelling.distance("ports", "port")).isEqualTo(1);
        assertThat(Spelling.distance("", "port")).isEqualTo(4);
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void onlyWhatIsNearIsSuggested() {
        assertThat(Spelling.nearest("addres", List.of("port", "address"))).isEqualTo("address");
        assertThat(Spelling.nearest("key", List.of("port", "address"))).isNull();
        assertThat(Spelling.nearest("a".repeat(100_000), List.of("port"))).isNull();
    }
}
