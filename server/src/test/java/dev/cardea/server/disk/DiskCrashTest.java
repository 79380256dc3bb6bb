package dev.cardea.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives of streams, beside a model of them. */
@Timeout(60)
class DiskCrashTest {
    private static final int KEPT = 10;

    @TempDir private Path folder = Path.of("");

    /** What a stream is. */
    private static final class Model {
        private final List<String> all = new ArrayList<>();
        private int removedTo;
        private String epoch = "";
        private long version;

        List<String> kept() {
            return all.subList(Math.max(removedTo, all.size() - KEPT), all.size());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void streamsAreWhatTheyWereHoweverTheServerEnds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Model> models = new HashMap<>();
        try (StoredNode stored = new StoredNode(folder)) {
            for (int step = 0; step < 400; step++) {
                String channel = "c" + random.nextInt(5);
                Model model = models.computeIfAbsent(channel, _ -> new Model());
                switch (random.nextInt(20)) {
                    case 0 -> stored.restart();
                    case 1 -> {
                        stored.kill();
                        stored.start();
                    }
                    case 2 -> {
                        stored.removeHistory(channel);
                        model.removedTo = model.all.size();
                    }
                    case 3, 4 -> version(stored, channel, model, random.nextLong(1, 9));
                    default -> publish(stored, channel, model, "d" + step, random.nextInt(5) == 0);
                }
                if (random.nextInt(10) == 0) check(stored, models);
            }
            stored.kill();
            stored.start();
            check(stored, models);
        }
    }

    private static void publish(
            StoredNode stored, String channel, Model model, String data, boolean isTwice) {
        PublishOptions once = new PublishOptions(isTwice ? data : "", false, 0, "");
        Publication publication = Publication.of(Bytes.utf8(data));
        StreamPosition at = stored.publish(channel, publication, once);
        model.all.add(data);
        if (isTwice) {
            stored.kill();
            stored.start();
            assertThat(stored.publish(channel, publication, once)).isEqualTo(at);
        }
        assertThat(at.offset()).isEqualTo(model.all.size());
    }

    private static void version(StoredNode stored, String channel, Model model, long version) {
        stored.publish(
                channel,
                Publication.of(Bytes.utf8("v" + version)),
                new PublishOptions("", false, version, ""));
        if (version <= model.version) return;
        model.version = version;
        model.all.add("v" + version);
    }

    private static void check(StoredNode stored, Map<String, Model> models) {
        models.forEach((channel, model) -> {
            StreamSlice slice = stored.history(channel);
            assertThat(slice.publications())
                    .extracting(p -> p.data().toUtf8())
                    .as(channel)
                    .isEqualTo(model.kept());
            assertThat(slice.top().offset()).isEqualTo(model.all.size());
            if (!model.epoch.isEmpty()) assertThat(slice.top().epoch()).isEqualTo(model.epoch);
            model.epoch = slice.top().epoch();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"cardea.db", "cardea.db-wal"})
    void aFileThatWasCutOffIsNeverTakenForWhole(String name) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 25; round++) {
            Path own = folder.resolve("r" + round);
            StoredNode stored = new StoredNode(own);
            for (int i = 1; i <= 60; i++) stored.publish("long:a", "before" + i);
            if (name.equals("cardea.db")) stored.restart(); // all of it is in the one file
            for (int i = 61; i <= 70; i++) stored.publish("long:a", "before" + i);
            StreamPosition seen = stored.history("long:a").top();
            Map<String, byte[]> files = stored.files();
            byte[] whole = Objects.requireNonNull(files.get(name));
            files.put(name, Arrays.copyOf(whole, random.nextInt(whole.length)));
            stored.kill(files);
            try {
                stored.start();
            } catch (StoreRefused e) {
                assertThat(e).hasMessageContaining("cardea.db");
                continue;
            }
            try (stored) {
                StreamSlice left = stored.history("long:a");
                for (int i = 0; i < left.publications().size(); i++)
                    assertThat(left.publications().get(i).data().toUtf8())
                            .isEqualTo("before" + (i + 1));
                // it is all there, or it is another stream
                assertThat(left.top().equals(seen))
                        .isEqualTo(left.top().epoch().equals(seen.epoch()));
            }
        }
    }
}
