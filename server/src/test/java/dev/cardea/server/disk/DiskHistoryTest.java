package dev.cardea.server.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.server.config.PersistenceConfig.Sync;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What survives what. */
@Timeout(60)
class DiskHistoryTest {
    private static final String ASKED = "SELECT count(*) FROM streams WHERE channel = 'asked%d'";

    @TempDir private Path folder = Path.of("");

    private static PublishOptions version(long version) {
        return new PublishOptions("", false, version, "v");
    }

    private static PublishOptions key(String key) {
        return new PublishOptions(key, false, 0, "");
    }

    private static Publication publication(String data) {
        return Publication.of(Bytes.utf8(data));
    }

    @Test
    void everythingSurvivesARestart() {
        Publication whole =
                new Publication(
                        Bytes.utf8("{\"text\":\"é 漢\"}"),
                        new ClientInfo("ann", "c1", Bytes.utf8("{\"a\":1}"), Bytes.utf8("[2]")),
                        0,
                        Map.of("kind", "ü"),
                        false,
                        1_700_000_000_123L,
                        "",
                        "",
                        false,
                        0,
                        "",
                        0);
        try (StoredNode stored = new StoredNode(folder)) {
            stored.publish("news", whole, version(7));
            StreamPosition second = stored.publish("news", publication("2"), key("once"));
            stored.publish("other", "gone");
            stored.removeHistory("other");
            StreamSlice before = stored.history("news");
            StreamPosition other = stored.history("other").top();
            stored.restart();
            assertThat(stored.history("news")).isEqualTo(before);
            assertThat(before.publications().getFirst().info()).isEqualTo(whole.info());
            assertThat(before.publications().getFirst().tags()).isEqualTo(whole.tags());
            assertThat(stored.publish("news", publication("stale"), version(7))).isEqualTo(second);
            assertThat(stored.publish("news", publication("2"), key("once"))).isEqualTo(second);
            assertThat(stored.publish("news", publication("3"), version(8)))
                    .isEqualTo(new StreamPosition(3, second.epoch()));
            assertThat(stored.data("other")).isEmpty();
            assertThat(stored.history("other").top()).isEqualTo(other);
        }
    }

    @Test
    void aClientRecoversAcrossARestart() {
        try (StoredNode stored = new StoredNode(folder)) {
            ScriptedClient client = stored.client();
            SubscribeResult at = client.subscribe("news");
            stored.publish("news", "1");
            stored.publish("news", "2");
            stored.kill();
            stored.start();
            stored.publish("news", "3");
            ScriptedClient back = stored.client();
            SubscribeResult result = back.recover("news", at.epoch(), 1);
            assertThat(result.recovered()).isTrue();
            assertThat(result.publications())
                    .extracting(p -> p.data().toUtf8())
                    .containsExactly("2", "3");
            SubscribeResult whoSawItEmpty = stored.client().recover("news", at.epoch(), 0);
            assertThat(whoSawItEmpty.recovered()).isTrue();
        }
    }

    @Test
    void afterAPowerCutStreamsAreOthersUnlessAllWasSynced() {
        for (Sync sync : Sync.values()) {
            Path own = folder.resolve(sync.name());
            try (StoredNode stored = new StoredNode(own, sync, 0)) {
                StreamPosition one = stored.publish("news", "1");
                stored.kill();
                StoredNode.change(own, "UPDATE facts SET value = 'before' WHERE name = 'boot'");
                stored.start();
                SubscribeResult back = stored.client().recover("news", one.epoch(), 1);
                assertThat(back.recovered()).as(sync.name()).isEqualTo(sync == Sync.ALWAYS);
                assertThat(back.epoch().equals(one.epoch())).isEqualTo(sync == Sync.ALWAYS);
                assertThat(stored.data("news")).containsExactly("1");
                assertThat(stored.publish("news", "2"))
                        .isEqualTo(new StreamPosition(2, back.epoch()));
                stored.restart();
                assertThat(stored.history("news").top())
                        .isEqualTo(new StreamPosition(2, back.epoch()));
            }
        }
    }

    @Test
    void anOlderCopyIsAnotherStream() throws IOException {
        try (StoredNode stored = new StoredNode(folder)) {
            StreamPosition one = stored.publish("news", "1");
            stored.restart();
            byte[] older = Files.readAllBytes(folder.resolve("cardea.db"));
            for (int i = 2; i <= 4; i++) stored.publish("news", "" + i);
            stored.stop();
            // over the file that was there
            stored.write("cardea.db", older);
            stored.start();
            assertThat(stored.data("news")).containsExactly("1");
            StreamPosition top = stored.history("news").top();
            assertThat(top.offset()).isEqualTo(1);
            assertThat(top.epoch()).isNotEqualTo(one.epoch());
            // in its place
            stored.stop();
            Files.delete(folder.resolve("cardea.db"));
            stored.write("cardea.db", older);
            Files.delete(folder.resolve("told"));
            Files.write(folder.resolve("other"), new byte[1]);
            stored.start();
            assertThat(stored.data("news")).containsExactly("1");
        }
    }

    @Test
    void aSecondServerIsRefused() {
        try (StoredNode stored = new StoredNode(folder)) {
            assertThatThrownBy(() -> new StoredNode(folder))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("persistence.path is " + folder)
                    .hasMessageContaining("another server has open");
            assertThat(stored.publish("news", "1").offset()).isEqualTo(1);
        }
        new StoredNode(folder).close();
    }

    @Test
    void whatIsNoDatabaseOfOursIsRefused() throws IOException {
        new StoredNode(folder).close();
        StoredNode.change(folder, "PRAGMA user_version = 9");
        assertThatThrownBy(() -> new StoredNode(folder))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("has format 9; this version of Cardea expects 1");
        StoredNode.change(folder, "PRAGMA application_id = 9");
        assertThatThrownBy(() -> new StoredNode(folder))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("is no database of Cardea's");
        Files.writeString(folder.resolve("cardea.db"), "something else".repeat(1_000));
        assertThatThrownBy(() -> new StoredNode(folder))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("move the folder away");
        Path file = folder.resolve("file");
        Files.writeString(file, "x");
        assertThatThrownBy(() -> new StoredNode(file))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("can't be written to")
                .hasMessageContaining("expected a folder");
    }

    @Test
    void whatTheDiskHasChangedIsNoticed() {
        for (String damage :
                List.of(
                        "UPDATE publications SET body = x'0102' WHERE offset = 2",
                        "UPDATE publications SET at_ms = at_ms + 1 WHERE offset = 3",
                        "DELETE FROM publications WHERE offset = 3")) {
            Path own = folder.resolve("" + damage.hashCode());
            try (StoredNode stored = new StoredNode(own)) {
                String epoch = stored.publish("news", "1").epoch();
                stored.publish("news", "2");
                stored.publish("news", "3");
                stored.stop();
                assertThat(StoredNode.change(own, damage)).isEqualTo(1);
                stored.start();
                ScriptedClient client = stored.client();
                client.subscribe("news");
                SubscribeResult back = stored.client().recover("news", epoch, 1);
                assertThat(back.recovered()).as(damage).isFalse();
                assertThat(back.epoch()).isNotEqualTo(epoch);
                assertThat(stored.publish("news", "4").offset()).isEqualTo(4);
                assertThat(stored.data("news")).containsExactly("4");
                StoredNode.eventually(() -> {
                    stored.node().simulation().run();
                    return client.pushes().stream().anyMatch(p -> p instanceof Push.Unsubscribe);
                });
                assertThat(stored.publish("other", "1").offset()).isEqualTo(1);
            }
        }
    }

    @Test
    void whatIsMissingInBetweenIsNotPassedOver() {
        try (StoredNode stored = new StoredNode(folder)) {
            String epoch = stored.publish("news", "1").epoch();
            for (int i = 2; i <= 4; i++) stored.publish("news", "" + i);
            stored.stop();
            StoredNode.change(folder, "DELETE FROM publications WHERE offset = 3");
            stored.start();
            assertThat(stored.client().recover("news", epoch, 2).recovered()).isFalse();
            assertThat(stored.client().recover("news", epoch, 1).recovered()).isFalse();
            assertThat(stored.data("news")).isEmpty();
            assertThat(stored.history("news").top().epoch()).isNotEqualTo(epoch);
        }
    }

    @Test
    void theDiskKeepsLittleMoreThanHistoryDoes() {
        try (StoredNode stored = new StoredNode(folder)) {
            for (int i = 1; i <= 500; i++) stored.publish("news", "" + i);
            assertThat(stored.data("news")).hasSize(10).endsWith("499", "500");
            assertThat(StoredNode.count(folder, "SELECT count(*) FROM publications"))
                    .isBetween(10L, 20L);
        }
    }

    @Test
    void whatHasOutlivedItsTimeGoes() {
        try (StoredNode stored = new StoredNode(folder)) {
            StreamPosition one = stored.publish("news", publication("1"), key("k"));
            stored.publish("long:a", "1");
            stored.unixMillis.addAndGet(Duration.ofMinutes(5).toMillis() + 1);
            assertThat(stored.data("news")).isEmpty();
            assertThat(stored.history("news").top()).isEqualTo(one);
            StoredNode.eventually(() ->
                    StoredNode.count(folder, "SELECT count(*) FROM publications") == 0
                            && StoredNode.count(folder, "SELECT count(*) FROM results") == 0);
            assertThat(StoredNode.count(folder, "SELECT count(*) FROM streams")).isEqualTo(2);
            stored.unixMillis.addAndGet(Duration.ofDays(400).toMillis());
            StoredNode.eventually(
                    () -> StoredNode.count(folder, "SELECT count(*) FROM streams") == 0);
            assertThat(stored.publish("news", "2").offset()).isEqualTo(1);
        }
    }

    @Test
    void theStartDoesNotReadWhatIsKept() {
        try (StoredNode stored = new StoredNode(folder)) {
            List<CompletionStage<Published>> all = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                String channel = "long:" + i % 10_000;
                all.add(stored.publishLater(channel, "{\"text\":\"message " + i + "\"}"));
                if (i % 10_000 == 9_999) all.forEach(each -> each.toCompletableFuture().join());
            }
            stored.kill();
            long began = System.nanoTime();
            stored.start();
            Duration started = Duration.ofNanos(System.nanoTime() - began);
            assertThat(stored.data("long:77")).hasSize(10);
            assertThat(started).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void positionsThatNobodyNeedsAreBounded() {
        try (StoredNode stored = new StoredNode(folder)) {
            for (int i = 0; i < 300; i++) stored.history("asked" + i);
            stored.publish("news", "1");
            StoredNode.eventually(
                    () -> StoredNode.count(folder, "SELECT count(*) FROM streams") <= 101);
            // the oldest go
            assertThat(StoredNode.count(folder, ASKED.formatted(0))).isZero();
            assertThat(StoredNode.count(folder, ASKED.formatted(299))).isOne();
            assertThat(stored.data("news")).containsExactly("1");
        }
    }
}
