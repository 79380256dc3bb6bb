package dev.cardea.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChannelLogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final ClientInfo ANNA = new ClientInfo("anna", "1", Bytes.EMPTY, Bytes.EMPTY);

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private long now = -5 * SECOND; // monotonic time may be below 0

    private ChannelLog log(int historySize, int ttlSeconds, int windowSize, long windowBytes) {
        LogOptions options =
                new LogOptions(historySize, ttlSeconds * SECOND, windowSize, windowBytes);
        return new ChannelLog("news", options, budget, "epoch", now);
    }

    private ChannelLog.Appended append(ChannelLog log, String data) {
        return log.append(Publication.of(Bytes.utf8(data)), false, 0, "", now);
    }

    private void append(ChannelLog log, int from, int to) {
        for (int i = from; i <= to; i++) append(log, Integer.toString(i));
    }

    private static List<Long> offsets(StreamSlice slice) {
        return slice.publications().stream().map(Publication::offset).toList();
    }

    @Test
    void publicationsAreNumberedFromOne() {
        ChannelLog log = log(10, 60, 8, 1000);
        assertThat(append(log, "a").position()).isEqualTo(new StreamPosition(1, "epoch"));
        assertThat(append(log, "b").position()).isEqualTo(new StreamPosition(2, "epoch"));
        assertThat(log.after(0, 10, now).publications().getFirst().epoch()).isEqualTo("epoch");
        assertThat(log.after(1, 10, now).publications().getFirst().epoch()).isEmpty();
    }

    @Test
    void withoutHistoryNothingIsNumberedOrKept() {
        ChannelLog log = log(0, 0, 8, 1000);
        assertThat(append(log, "a").position()).isEqualTo(new StreamPosition(0, ""));
        assertThat(log.after(0, 10, now).publications()).isEmpty();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void dataThatAnotherIsAPatchOfCountsOnceForAsLongAsEitherIsThere() {
        ChannelLog log =
                new ChannelLog(
                        "news", new LogOptions(2, SECOND, 0, 8, 1 << 20, true), budget, "e", 0);
        Publication large = Publication.of(Bytes.utf8("x".repeat(10_000)));
        log.append(large, false, true, 0, "", now);
        log.append(large, false, true, 0, "", now);
        assertThat(budget.usedBytes()).isBetween(20_000L, 21_000L);
        log.append(large, false, true, 0, "", now);
        assertThat(budget.usedBytes())
                .as("two are kept, and the data of the one before them")
                .isBetween(30_000L, 31_000L);
        log.removeHistory();
        assertThat(budget.usedBytes())
                .as("the newest, for the next one to be a patch of, and what it is a patch of")
                .isBetween(20_000L, 21_000L);
        log.append(Publication.of(Bytes.utf8("small")), false, false, 0, "", now);
        log.removeHistory();
        assertThat(budget.usedBytes()).isLessThan(1000);
    }

    @Test
    void historyIsBoundedInCount() {
        ChannelLog log = log(3, 60, 8, 1000);
        append(log, 1, 10);
        assertThat(offsets(log.after(0, 100, now))).containsExactly(8L, 9L, 10L);
        assertThat(log.top().offset()).isEqualTo(10);
    }

    @Test
    void aCrowdThatReadsTheSameIsGivenTheSame() {
        ChannelLog log = log(3, 60, 8, 1000);
        append(log, 1, 3);
        List<Publication> first = log.after(0, 100, now).publications();
        assertThat(log.after(0, 100, now).publications()).isSameAs(first);

        assertThat(offsets(log.after(1, 100, now))).containsExactly(2L, 3L);
        assertThat(offsets(log.after(0, 2, now))).containsExactly(1L, 2L);
        append(log, 4, 4);
        assertThat(offsets(log.after(0, 100, now))).containsExactly(2L, 3L, 4L);
        assertThat(offsets(log.before(0, 100, now))).containsExactly(4L, 3L, 2L);
        assertThat(offsets(log.after(0, 100, now))).containsExactly(2L, 3L, 4L);
    }

    @Test
    void historyIsBoundedInAge() {
        ChannelLog log = log(100, 60, 8, 1000);
        append(log, 1, 2);
        now += 40 * SECOND;
        append(log, 3, 4);
        now += 30 * SECOND;

        assertThat(offsets(log.after(0, 100, now))).containsExactly(3L, 4L);
        now += 40 * SECOND;
        assertThat(offsets(log.after(0, 100, now))).isEmpty();
        assertThat(log.top()).isEqualTo(new StreamPosition(4, "epoch"));
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void historyIsBoundedInBytes() {
        LogOptions bounded = new LogOptions(100, 60 * SECOND, 10_000, 8, 1000, false);
        ChannelLog log = new ChannelLog("news", bounded, budget, "epoch", now);
        for (int i = 0; i < 20; i++) append(log, "x".repeat(3000));
        assertThat(offsets(log.after(0, 100, now))).containsExactly(18L, 19L, 20L);
        assertThat(budget.usedBytes()).isLessThanOrEqualTo(10_000);
        append(log, 21, 21);
        assertThat(offsets(log.after(0, 100, now))).containsExactly(18L, 19L, 20L, 21L);

        append(log, "x".repeat(50_000));
        assertThat(offsets(log.after(0, 100, now)))
                .as("the newest stays, however long it is")
                .containsExactly(22L);
        append(log, "x".repeat(3000));
        assertThat(offsets(log.after(0, 100, now))).containsExactly(23L);

        append(log, "x".repeat(3000));
        log.adopt(new LogOptions(100, 60 * SECOND, 4000, 8, 1000, false));
        assertThat(offsets(log.after(0, 100, now))).containsExactly(24L);
        log.removeHistory();
        for (int i = 0; i < 20; i++) append(log, "1");
        assertThat(offsets(log.after(0, 100, now)))
                .as("what was removed isn't counted")
                .hasSize(20);
    }

    @Test
    void theStreamGoesOnWhereItStoodWhenHistoryIsRemoved() {
        ChannelLog log = log(10, 60, 8, 1000);
        append(log, 1, 5);
        log.removeHistory();
        append(log, 6, 6);
        assertThat(offsets(log.after(0, 100, now))).containsExactly(6L);
    }

    @Test
    void historyIsReadInBothDirections() {
        ChannelLog log = log(10, 60, 8, 1000);
        append(log, 1, 9);
        assertThat(offsets(log.after(4, 3, now))).containsExactly(5L, 6L, 7L);
        assertThat(offsets(log.after(9, 3, now))).isEmpty();
        assertThat(offsets(log.before(0, 2, now))).containsExactly(9L, 8L);
        assertThat(offsets(log.before(4, 2, now))).containsExactly(3L, 2L);
        assertThat(offsets(log.before(1, 2, now))).isEmpty();
        assertThat(offsets(log.after(0, 0, now))).isEmpty();
    }

    @Test
    void anOlderVersionChangesNothing() {
        ChannelLog log = log(10, 60, 8, 1000);
        assertThat(version(log, 5, "")).isFalse();
        assertThat(version(log, 5, "")).isTrue();
        assertThat(version(log, 4, "")).isTrue();
        assertThat(version(log, 6, "")).isFalse();
        assertThat(version(log, 1, "reborn")).isFalse();
        assertThat(version(log, 1, "reborn")).isTrue();
        assertThat(version(log, -1, "reborn")).as("unsigned").isFalse();
        assertThat(log.top().offset()).isEqualTo(4);
    }

    private boolean version(ChannelLog log, long version, String versionEpoch) {
        return log.append(Publication.of(Bytes.utf8("x")), false, version, versionEpoch, now)
                .suppressed();
    }

    @Test
    void whatIsKeptOutOfHistoryIsDeliveredWithoutAnOffset() {
        ChannelLog log = log(10, 60, 8, 1000);
        log.addReader();
        append(log, "a");
        log.append(Publication.of(Bytes.utf8("live")), true, 0, "", now);
        append(log, "b");

        assertThat(offsets(log.after(0, 10, now))).containsExactly(1L, 2L);
        assertThat(entry(log, 2).offset()).isZero();
        assertThat(entry(log, 3).offset()).isEqualTo(2);
    }

    @Test
    void joinsAndLeavesAreEntriesOfTheWindowAlone() {
        ChannelLog log = log(2, 60, 8, 10_000);
        log.addReader();
        append(log, 1, 2);
        for (int i = 0; i < 3; i++) log.appendEvents(List.of(new PresenceEvent(true, ANNA)), now);
        log.appendEvents(List.of(new PresenceEvent(false, ANNA)), now);

        assertThat(offsets(log.after(0, 10, now))).containsExactly(1L, 2L);
        assertThat(log.head()).isEqualTo(6);
        assertThat(entry(log, 6).isPresenceEvent()).isTrue();
    }

    @Test
    void withoutReadersTheWindowKeepsNothing() {
        ChannelLog log = log(0, 0, 8, 1000);
        append(log, 1, 3);
        assertThat(log.addReader()).isEqualTo(3);
        append(log, 4, 4);
        assertThat(entry(log, 4)).isNotNull();
        assertThat(log.read(3)).isNull();
        log.removeReader();
        assertThat(log.read(4)).isNull();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void theWindowGrowsToItsBoundAndThenMovesOn() {
        ChannelLog log = log(0, 0, 100, 1 << 20);
        log.addReader();
        append(log, 1, 100);
        assertThat(log.tail()).isEqualTo(1);
        for (long s = 1; s <= 100; s++) assertThat(entry(log, s).sequence()).isEqualTo(s);
        append(log, 101, 103);

        assertThat(log.tail()).isEqualTo(4);
        assertThat(log.read(3)).isNull();
        assertThat(entry(log, 4).sequence()).isEqualTo(4);
        assertThat(entry(log, 103).sequence()).isEqualTo(103);
    }

    @Test
    void theWindowIsBoundedInBytesButKeepsTheNewest() {
        ChannelLog log = log(0, 0, 100, 2_000);
        log.addReader();
        for (int i = 0; i < 5; i++) append(log, "x".repeat(500));
        assertThat(log.head() - log.tail() + 1).isEqualTo(2);
        append(log, "x".repeat(5_000));
        assertThat(log.tail()).isEqualTo(log.head());
    }

    @Test
    void whatAllReadersHavePassedIsLetGo() {
        ChannelLog log = log(0, 0, 100, 1 << 20);
        log.addReader();
        append(log, 1, 10);
        log.trimTo(8);
        assertThat(log.read(7)).isNull();
        assertThat(entry(log, 8)).isNotNull();
        log.trim(11, now);
        assertThat(budget.usedBytes()).isZero();
        append(log, 11, 11);
        assertThat(entry(log, 11)).isNotNull();
    }

    @Test
    void memoryIsHeldForAsLongAsHistoryOrTheWindowHoldAnEntry() {
        ChannelLog log = log(1, 60, 2, 1 << 20);
        log.addReader();
        append(log, "a");
        long one = budget.usedBytes();
        append(log, "b"); // a is out of history, but not out of the window
        assertThat(budget.usedBytes()).isEqualTo(2 * one);
        append(log, "c");
        assertThat(budget.usedBytes()).isEqualTo(2 * one);
        log.trim(4, now);
        assertThat(budget.usedBytes()).isEqualTo(one);
        log.removeHistory();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void framesAreMadeOnceAndCountAsMemory() {
        ChannelLog log = log(0, 0, 8, 1000);
        log.addReader();
        append(log, "a");
        long before = budget.usedBytes();
        Text text = new Text();

        Frame frame = entry(log, 1).frame(text);

        assertThat(entry(log, 1).frame(text)).isSameAs(frame);
        assertThat(text.made).isEqualTo(1);
        assertThat(budget.usedBytes()).isEqualTo(before + frame.lengthBytes());
        log.removeReader();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void sheddingTakesTheOldestFromHistoryAndWindow() {
        ChannelLog log = log(10, 600, 10, 1 << 20);
        log.addReader();
        append(log, 1, 3);
        long later = now + SECOND;
        now = later;
        append(log, 4, 5);
        log.shed(later);

        assertThat(offsets(log.after(0, 10, now))).containsExactly(4L, 5L);
        assertThat(log.tail()).isEqualTo(4);
        assertThat(log.oldestNanos(now + SECOND)).isEqualTo(later);
    }

    @Test
    void aLogIsIdleWithoutReadersAndHistory() {
        ChannelLog log = log(10, 60, 8, 1000);
        assertThat(log.isIdle(now)).isTrue();
        log.addReader();
        assertThat(log.isIdle(now)).isFalse();
        append(log, "a");
        log.removeReader();
        assertThat(log.isIdle(now)).isFalse();
        assertThat(log.isIdle(now + 61 * SECOND)).isTrue();
    }

    @Test
    void aReaderNeverSeesAnEntryTwiceOrInAnotherPlace() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int window = random.nextInt(1, 40);
            ChannelLog log = log(0, 0, window, 1 << 20);
            log.addReader();
            Cursor cursor = new Cursor(log, new Text(), log.head(), true);
            List<String> read = new ArrayList<>();
            Gate open = new Open(log);
            long appended = 0;
            for (int step = 0; step < 200; step++) {
                int burst = random.nextInt(10);
                for (int i = 0; i < burst; i++) append(log, Long.toString(++appended));
                if (random.nextInt(3) == 0) log.trimTo(cursor.next());
                FrameSink sink = (frame, _) -> read.add(Bytes.wrap(frame.bytes()).toUtf8());
                Cursor.Progress progress =
                        cursor.advance(open, log.head(), random.nextInt(60), new Runs(), sink);
                if (progress == Cursor.Progress.LAPPED) {
                    assertThat(log.head() - cursor.next() + 1)
                            .as("seed %s", seed)
                            .isGreaterThan(window);
                    cursor.skipToTail();
                }
            }
            for (int i = 1; i < read.size(); i++) {
                assertThat(Long.parseLong(read.get(i)))
                        .as("seed %s", seed)
                        .isGreaterThan(Long.parseLong(read.get(i - 1)));
            }
        }
    }

    private static Entry entry(ChannelLog log, long sequence) {
        Entry entry = log.read(sequence);
        if (entry == null) throw new AssertionError("no entry " + sequence);
        return entry;
    }

    private record Open(ChannelLog log) implements Gate {
        @Override
        public long openTo() {
            return log.head();
        }

        @Override
        public boolean supersedes(Entry entry) {
            return false;
        }
    }

    /** A publication's data as it is. */
    private static final class Text implements Encoding {
        int made;

        @Override
        public int index() {
            return 0;
        }

        @Override
        public Frame encode(String channel, Entry entry) {
            made++;
            Publication publication = entry.publication();
            return new Frame(publication == null ? new byte[1] : publication.data().toArray());
        }
    }
}
