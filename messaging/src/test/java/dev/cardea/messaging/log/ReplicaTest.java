package dev.cardea.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.log.ChannelLog.Replicated;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A log as a node's copy of a stream that a broker keeps. */
class ReplicaTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final ChannelLog log =
            new ChannelLog(
                    "news", new LogOptions(10, MINUTE, 0, 8, 10_000, true), budget, "own", 0);

    private Replicated replicate(long offset, String epoch) {
        return log.replicate(
                Publication.of(Bytes.utf8("" + offset)),
                offset - 1,
                new StreamPosition(offset, epoch),
                true,
                0);
    }

    @Test
    void whatFollowsTheTopIsAppendedWithTheOffsetsOfTheBroker() {
        log.replicateFrom(new StreamPosition(41, "theirs"));
        long head = log.addReader();
        assertThat(replicate(42, "theirs")).isEqualTo(Replicated.APPENDED);
        assertThat(replicate(43, "theirs")).isEqualTo(Replicated.APPENDED);
        assertThat(log.top()).isEqualTo(new StreamPosition(43, "theirs"));
        Entry second = Objects.requireNonNull(log.read(head + 2));
        assertThat(second.offset()).isEqualTo(43);
        assertThat(Objects.requireNonNull(second.base()).offset()).isEqualTo(42);
    }

    @Test
    void aStreamsFirstPublicationTellsItsEpoch() {
        log.replicateFrom(new StreamPosition(0, "theirs"));
        long head = log.addReader();
        replicate(1, "theirs");
        Entry first = Objects.requireNonNull(log.read(head + 1));
        assertThat(Objects.requireNonNull(first.publication()).epoch()).isEqualTo("theirs");
    }

    @Test
    void whatItHasIsPassedOver() {
        log.replicateFrom(new StreamPosition(5, "theirs"));
        assertThat(replicate(5, "theirs")).isEqualTo(Replicated.PASSED_OVER);
        assertThat(replicate(6, "theirs")).isEqualTo(Replicated.APPENDED);
        assertThat(replicate(6, "theirs")).isEqualTo(Replicated.PASSED_OVER);
    }

    @Test
    void whatComesBeforeItFollowsIsPassedOver() {
        assertThat(replicate(6, "theirs")).isEqualTo(Replicated.PASSED_OVER);
        assertThat(log.head()).isZero();
    }

    @Test
    void aHoleOrAnotherStreamIsAGapAndChangesNothing() {
        log.replicateFrom(new StreamPosition(5, "theirs"));
        assertThat(replicate(7, "theirs")).isEqualTo(Replicated.GAP);
        assertThat(replicate(6, "another")).isEqualTo(Replicated.GAP);
        assertThat(log.top()).isEqualTo(new StreamPosition(5, "theirs"));
    }

    @Test
    void readersThatWereThereAreLappedWhereItGoesOnElsewhere() {
        log.replicateFrom(new StreamPosition(5, "theirs"));
        long head = log.addReader();
        replicate(6, "theirs");
        log.replicateAnewFrom(new StreamPosition(9, "theirs"));
        assertThat(log.head()).isEqualTo(head + 2);
        assertThat(log.read(head + 1)).isNull();
        assertThat(log.read(head + 2)).isNull();
        assertThat(replicate(10, "theirs")).isEqualTo(Replicated.APPENDED);
        assertThat(log.read(head + 3)).isNotNull();
    }

    @Test
    void aSecondReaderThatFollowsMovesNothing() {
        log.replicateFrom(new StreamPosition(5, "theirs"));
        replicate(6, "theirs");
        log.replicateFrom(new StreamPosition(9, "theirs"));
        assertThat(replicate(7, "theirs")).isEqualTo(Replicated.APPENDED);
    }

    @Test
    void onceNobodyFollowsNothingIsKept() {
        log.replicateFrom(new StreamPosition(5, "theirs"));
        replicate(6, "theirs");
        assertThat(log.isIdle(0)).as("the broker has the stream").isTrue();
        assertThat(log.keepsPosition()).isFalse();
        log.endReplica();
        assertThat(replicate(7, "theirs")).isEqualTo(Replicated.PASSED_OVER);
        log.replicateFrom(new StreamPosition(8, "theirs"));
        assertThat(budget.usedBytes()).isZero();
    }
}
