package dev.cardea.messaging.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.filter.TagsFilter;
import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Cursor;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.log.Gate;
import dev.cardea.messaging.log.Judge;
import dev.cardea.messaging.log.LogOptions;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.log.Runs;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.FilterNode;
import dev.cardea.wire.centrifuge.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class JudgesTest {
    private static final Encoding ENCODING =
            new Encoding() {
                @Override
                public int index() {
                    return 0;
                }

                @Override
                public Frame encode(String channel, Entry entry) {
                    return new Frame(new byte[8]);
                }
            };

    private static final Gate OPEN =
            new Gate() {
                @Override
                public long openTo() {
                    return Long.MAX_VALUE;
                }

                @Override
                public boolean supersedes(Entry entry) {
                    return false;
                }
            };

    private final ChannelLog log =
            new ChannelLog(
                    "prices",
                    new LogOptions(0, 0, 1024, 1 << 20),
                    new MemoryBudget(1 << 20),
                    "epoch",
                    0);
    private final Judges judges = new Judges();
    private final Runs runs = new Runs();
    private int frames;

    private static TagsFilter symbol(String symbol) {
        return Objects.requireNonNull(
                TagsFilter.of(new FilterNode("", "symbol", "eq", symbol, List.of(), List.of())));
    }

    private Cursor cursor(TagsFilter filter) {
        return new Wanted(ENCODING, false, null, filter).cursor(log, log.addReader(), judges);
    }

    private static Judge judge(Cursor cursor) {
        return Objects.requireNonNull(Objects.requireNonNull(cursor.choice()).judge());
    }

    private void publish(String symbol) {
        Publication publication =
                new Publication(
                        Bytes.utf8("1"),
                        null,
                        0,
                        Map.of("symbol", symbol),
                        false,
                        0,
                        "",
                        "",
                        false,
                        0,
                        "",
                        0);
        log.append(publication, false, 0, "", 0);
    }

    private void advance(Cursor cursor) {
        cursor.advance(OPEN, log.head(), 1 << 20, runs, (_, entries) -> frames += entries);
    }

    @Test
    void equalFiltersLookAtAnEntryOnceHoweverManyTheyAre() {
        List<Cursor> cursors = new ArrayList<>();
        for (int i = 0; i < 100; i++) cursors.add(cursor(symbol(i < 90 ? "OAK" : "IRON")));
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 50; i++) publish(i % 5 == 0 ? "OAK" : "IRON");
            cursors.forEach(this::advance);
        }
        assertThat(judge(cursors.getFirst())).isSameAs(judge(cursors.get(89)));
        assertThat(judge(cursors.getFirst()).judged()).isEqualTo(500);
        assertThat(judge(cursors.getLast()).judged()).isEqualTo(500);
        assertThat(frames).isEqualTo(90 * 100 + 10 * 400);
    }

    @Test
    void aFilterIsForgottenWithTheLastOfItsSubscribers() {
        Cursor first = cursor(symbol("OAK"));
        Cursor second = cursor(symbol("OAK"));
        judges.leave(first.choice());
        assertThat(judge(cursor(symbol("OAK")))).isSameAs(judge(second));
        judges.leave(second.choice());
        judges.leave(second.choice());
        assertThat(judge(cursor(symbol("OAK")))).isNotSameAs(judge(second));
        judges.leave(null);
    }

    @Test
    void whoIsFarBehindIsJudgedAnewAndRight() {
        Cursor quick = cursor(symbol("OAK"));
        Cursor slow = cursor(symbol("OAK"));
        for (int i = 0; i < 500; i++) {
            publish(i % 2 == 0 ? "OAK" : "IRON");
            advance(quick);
        }
        assertThat(frames).isEqualTo(250);
        advance(slow);
        assertThat(frames).isEqualTo(500);
    }
}
