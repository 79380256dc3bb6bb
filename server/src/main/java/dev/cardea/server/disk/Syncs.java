package dev.cardea.server.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the system put on the disk what was written, every so often, on a thread of its own: the
 * writer doesn't wait for it. What the database copies out of the log is synced by itself.
 */
final class Syncs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Syncs.class);

    private final Path log;
    private final long intervalNanos;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean hasFailed;

    Syncs(Path log, long intervalNanos) {
        this.log = log;
        this.intervalNanos = intervalNanos;
        this.thread = Thread.ofPlatform().name("disk-sync").daemon().start(this::run);
    }

    /** The last one did not succeed. */
    boolean hasFailed() {
        return hasFailed;
    }

    private void run() {
        try {
            while (!closed.await(intervalNanos, TimeUnit.NANOSECONDS)) sync();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sync() {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.force(false);
            hasFailed = false;
        } catch (NoSuchFileException _) {
            // nothing was written yet
        } catch (IOException e) {
            if (!hasFailed)
                LOG.atError()
                        .addKeyValue("reason", e.getMessage())
                        .log("persistent_history_not_synced");
            hasFailed = true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
