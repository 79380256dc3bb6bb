package dev.cardea.server.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.config.PersistenceConfig.Sync;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes nothing more. */
@Timeout(60)
class DiskFullTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void aFullDiskRefusesPublicationsAndAllElseGoesOn() {
        try (StoredNode stored = new StoredNode(folder, Sync.INTERVAL, 1024 * 1024)) {
            String large = "x".repeat(50_000);
            List<String> kept = new ArrayList<>();
            assertThatThrownBy(
                            () -> {
                                while (kept.size() < 100) {
                                    stored.publish("long:a", large + kept.size());
                                    kept.add(large + kept.size());
                                }
                            })
                    .hasMessageContaining("not written")
                    .hasMessageContaining("full");
            assertThat(kept).hasSizeBetween(10, 21);
            assertThat(stored.isWell()).isFalse();
            assertThat(stored.publish("memory:x", "1").offset()).isEqualTo(1);
            assertThat(stored.data("long:a")).isEqualTo(kept);
            stored.removeHistory("long:a");
            StoredNode.eventually(stored::isWell);
            assertThat(stored.publish("long:a", large).offset()).isEqualTo(kept.size() + 1);
        }
    }
}
