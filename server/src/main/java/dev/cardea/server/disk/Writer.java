package dev.cardea.server.disk;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. What waits is written together, in one transaction, and then told to
 * those who gave it. {@link #take} may be called from any thread, and never waits.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int WAITING_AT_MOST = 65_536;
    private static final long WAITING_BYTES_AT_MOST = 64L * 1024 * 1024;
    private static final int WRITTEN_AT_ONCE = 1_000;
    private static final long WRITTEN_BYTES_AT_ONCE = 4L * 1024 * 1024;
    private static final long SECOND_NANOS = 1_000_000_000;

    /** Something to be written. Its methods are called on the writer's thread. */
    interface Work {
        /** How much it is, about. */
        default long bytes() {
            return 256;
        }

        /** Into the open transaction. */
        void write(Tables tables) throws SQLException;

        /** It is written, as safely as is configured. Doesn't throw. */
        void done();

        /** It isn't, and nothing that was written with it. Doesn't throw. */
        void failed(RuntimeException why);
    }

    private final Tables tables;
    private final Sweep sweep;
    private final Runnable everySecond;
    private final BlockingQueue<Work> waiting = new ArrayBlockingQueue<>(WAITING_AT_MOST);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Thread thread;
    private volatile boolean isClosing;

    /** Null: the last transaction was written. */
    private volatile @Nullable String trouble;

    /**
     * @param everySecond about once a second, on the writer's thread
     */
    Writer(Tables tables, Sweep sweep, Runnable everySecond) {
        this.tables = tables;
        this.sweep = sweep;
        this.everySecond = everySecond;
        this.thread = Thread.ofPlatform().name("disk-writer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Why nothing can be written; null: it can. */
    @Nullable String trouble() {
        return trouble;
    }

    /** False: too much waits. */
    boolean take(Work work) {
        if (isClosing) return false;
        long bytes = work.bytes();
        if (waitingBytes.addAndGet(bytes) > WAITING_BYTES_AT_MOST || !waiting.offer(work)) {
            waitingBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** What waits is written still. Nothing is taken any more. */
    void close() {
        isClosing = true;
        var _ = waiting.offer(Nothing.INSTANCE);
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) Thread.currentThread().interrupt();
    }

    private void run() {
        long due = System.nanoTime() + SECOND_NANOS;
        List<Work> together = new ArrayList<>();
        while (!isClosing || !waiting.isEmpty()) {
            gather(together, due - System.nanoTime());
            if (!together.isEmpty()) write(together);
            together.clear();
            if (System.nanoTime() - due < 0) continue;
            due = System.nanoTime() + SECOND_NANOS;
            lookAfter();
        }
    }

    private void gather(List<Work> together, long atMostNanos) {
        try {
            Work first = waiting.poll(Math.max(0, atMostNanos), TimeUnit.NANOSECONDS);
            long bytes = 0;
            for (Work next = first; next != null; next = waiting.poll()) {
                together.add(next);
                bytes += next.bytes();
                if (together.size() == WRITTEN_AT_ONCE || bytes >= WRITTEN_BYTES_AT_ONCE) break;
            }
            waitingBytes.addAndGet(-bytes);
        } catch (InterruptedException _) {
            // nobody interrupts it but by mistake
        }
    }

    private void write(List<Work> together) {
        RuntimeException failure = null;
        try {
            tables.begin();
            for (Work work : together) work.write(tables);
            tables.commit();
            well();
        } catch (SQLException | IOException | RuntimeException e) {
            rollBack(e);
            failure = new NotWritten("not written: " + e.getMessage());
        }
        for (Work work : together) tell(work, failure);
    }

    /** Whatever becomes of one, the others are told. */
    private static void tell(Work work, @Nullable RuntimeException failure) {
        try {
            if (failure == null) work.done();
            else work.failed(failure);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("broker_message_failed");
        }
    }

    private void rollBack(Exception why) {
        tables.rollBack();
        sweep.failed();
        if (trouble == null)
            LOG.atError()
                    .addKeyValue("reason", why.getMessage())
                    .log("persistent_history_not_written");
        trouble = String.valueOf(why.getMessage());
    }

    private void well() {
        if (trouble == null) return;
        trouble = null;
        LOG.atInfo().log("persistent_history_written_again");
    }

    /** Once a second: what has outlived its time goes; and whether the disk is well again. */
    private void lookAfter() {
        try {
            if (trouble != null) sweep.probe();
            tables.begin();
            if (sweep.some() == 0) tables.rollBackUnchanged(); // no more is written than need be
            else tables.commit();
            well();
        } catch (SQLException | IOException | RuntimeException e) {
            rollBack(e);
        }
        try {
            everySecond.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("broker_timer_failed");
        }
    }

    /** Wakes the thread. */
    private enum Nothing implements Work {
        INSTANCE;

        @Override
        public void write(Tables tables) {}

        @Override
        public void done() {}

        @Override
        public void failed(RuntimeException why) {}
    }
}
