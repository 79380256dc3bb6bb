package dev.cardea.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RunsTest {
    private static final Encoding TEXT = new Text();

    private final ChannelLog log = log();
    private final Gate gate = new Everything(log);
    private final Runs runs = new Runs();

    @Test
    void readersAtTheSamePlaceShareOneFrameFromTheSecondOn() {
        log.addReader();
        List<Cursor> cursors = List.of(cursor(false), cursor(false), cursor(false));
        for (int i = 1; i <= 3; i++) publish(i);
        List<Frame> given = new ArrayList<>();
        List<Integer> entries = new ArrayList<>();
        for (Cursor cursor : cursors)
            cursor.advance(
                    gate,
                    log.head(),
                    1000,
                    runs,
                    (frame, count) -> {
                        given.add(frame);
                        entries.add(count);
                    });
        assertThat(entries).containsExactly(1, 1, 1, 3, 3);
        assertThat(given.get(3)).isSameAs(given.get(4));
        assertThat(text(given.get(3))).isEqualTo("1;2;3;");
    }

    @Test
    void withRunsEveryReaderIsGivenWhatItWouldBeGivenWithout() {
        for (long seed = 1; seed <= 300; seed++) new Comparison(seed).run();
    }

    /** Readers in pairs, one with runs and one without: what they are given must be the same. */
    private static final class Comparison {
        private final long seed;
        private final SplittableRandom random;
        private final ChannelLog log = log();
        private final Gate gate;
        private final Runs shared = new Runs();
        private final List<Reader> withRuns = new ArrayList<>();
        private final List<Reader> without = new ArrayList<>();

        Comparison(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.gate = random.nextBoolean() ? new Everything(log) : new NoMultiplesOf3(log);
        }

        void run() {
            log.addReader();
            for (int step = 0; step < 60; step++) {
                if (random.nextInt(3) == 0) addReaders();
                int burst = random.nextInt(6);
                for (int i = 0; i < burst; i++) append();
                turn();
                shared.clear();
            }
            for (int i = 0; i < withRuns.size(); i++)
                assertThat(withRuns.get(i).given)
                        .as("seed %d, reader %d", seed, i)
                        .isEqualTo(without.get(i).given);
        }

        private void addReaders() {
            boolean presence = random.nextInt(4) == 0;
            long recoveredTo = log.top().offset() - random.nextInt(3);
            for (List<Reader> readers : List.of(withRuns, without)) {
                Cursor cursor = new Cursor(log, TEXT, log.head(), presence);
                if (recoveredTo > 0) cursor.recoveredTo(recoveredTo, recoveredTo);
                readers.add(new Reader(cursor, new ArrayList<>()));
            }
        }

        private void append() {
            long n = log.head() + 1;
            switch (random.nextInt(8)) {
                case 0 ->
                        log.appendEvents(
                                List.of(
                                        new PresenceEvent(
                                                true,
                                                new ClientInfo(
                                                        "user",
                                                        "j" + n,
                                                        Bytes.EMPTY,
                                                        Bytes.EMPTY))),
                                0);
                case 1 -> log.append(publication(n), true, 0, "", 0);
                default -> log.append(publication(n), false, 0, "", 0);
            }
        }

        private void turn() {
            for (int i = 0; i < withRuns.size(); i++) {
                if (random.nextInt(4) == 0) continue;
                int room = random.nextInt(1, 40);
                withRuns.get(i).read(gate, log.head(), room, shared);
                without.get(i).read(gate, log.head(), room, new Runs());
            }
        }
    }

    private record Reader(Cursor cursor, List<String> given) {
        void read(Gate gate, long limit, int room, Runs runs) {
            cursor.advance(gate, limit, room, runs, (frame, _) -> split(frame));
        }

        private void split(Frame frame) {
            String text = text(frame);
            for (int from = 0, end; from < text.length(); from = end) {
                end = text.indexOf(';', from) + 1;
                given.add(text.substring(from, end));
            }
        }
    }

    private static ChannelLog log() {
        LogOptions options = new LogOptions(100, Long.MAX_VALUE / 4, 1000, 1 << 20);
        return new ChannelLog("news", options, new MemoryBudget(Long.MAX_VALUE), "epoch", 0);
    }

    private Cursor cursor(boolean presence) {
        return new Cursor(log, TEXT, log.head(), presence);
    }

    private void publish(long n) {
        log.append(publication(n), false, 0, "", 0);
    }

    private static Publication publication(long n) {
        return Publication.of(Bytes.utf8(Long.toString(n)));
    }

    private static String text(Frame frame) {
        return new String(frame.bytes(), StandardCharsets.UTF_8);
    }

    private record Text() implements Encoding {
        @Override
        public int index() {
            return 0;
        }

        @Override
        public Frame encode(String channel, Entry entry) {
            String text =
                    switch (entry.push()) {
                        case Push.Pub(_, Publication publication) -> publication.data().toUtf8();
                        case Push.Join(_, ClientInfo info) -> info.client();
                        default -> throw new AssertionError(entry.push());
                    };
            return new Frame((text + ";").getBytes(StandardCharsets.UTF_8));
        }
    }

    private record Everything(ChannelLog log) implements Gate {
        @Override
        public long openTo() {
            return log.head();
        }

        @Override
        public boolean supersedes(Entry entry) {
            return false;
        }
    }

    private record NoMultiplesOf3(ChannelLog log) implements Gate {
        @Override
        public long openTo() {
            return log.head();
        }

        @Override
        public boolean supersedes(Entry entry) {
            return entry.sequence() % 3 == 0;
        }
    }
}
