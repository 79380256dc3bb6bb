package dev.cardea.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that append under the log's lock, threads that read without it. */
@Timeout(60)
class ConcurrentReadersTest {
    private static final int APPENDED = 100_000;

    @Test
    void everyEntryIsReadAtItsPlaceOrKnownToBeLost() throws Exception {
        MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
        ChannelLog log =
                new ChannelLog("news", new LogOptions(0, 0, 64, 1 << 20), budget, "epoch", 0);
        log.addReader();
        List<Future<Long>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Long>> readers = List.of(() -> read(log), () -> read(log));
            for (Callable<Long> reader : readers) results.add(threads.submit(reader));
            List<Future<?>> appenders = new ArrayList<>();
            for (int i = 0; i < 2; i++) appenders.add(threads.submit(() -> append(log)));
            for (Future<?> appender : appenders) appender.get();
            for (Future<Long> result : results) assertThat(result.get()).isEqualTo(APPENDED * 2L);
        }
        log.removeReader();
        assertThat(budget.usedBytes()).isZero();
    }

    private static void append(ChannelLog log) {
        Publication publication = Publication.of(Bytes.utf8("x"));
        for (int i = 0; i < APPENDED; i++) {
            log.append(publication, false, 0, "", i);
            if (i % 100 == 0) log.trimTo(log.head() - 32);
        }
    }

    /** Returns how many entries went by, read or lost. */
    private static long read(ChannelLog log) {
        long next = 1;
        while (next <= APPENDED * 2L) {
            if (next > log.head()) {
                Thread.onSpinWait();
                continue;
            }
            Entry entry = log.read(next);
            if (entry != null) {
                if (entry.sequence() != next) throw new AssertionError("another entry at " + next);
                next++;
            } else {
                long tail = log.tail();
                if (tail <= next) throw new AssertionError("lost though it is kept: " + next);
                next = tail;
            }
        }
        return next - 1;
    }
}
