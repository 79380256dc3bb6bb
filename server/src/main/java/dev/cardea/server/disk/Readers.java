package dev.cardea.server.disk;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that read, so that nobody else waits for the disk. Thread safe. */
final class Readers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final int THREADS = 2;
    private static final int WAITING_AT_MOST = 100_000;

    /** What is asked of a reader. */
    interface Question<T> {
        T ask(StreamReader reader) throws SQLException;
    }

    private final BlockingQueue<StreamReader> free = new ArrayBlockingQueue<>(THREADS);
    private final List<StreamReader> all = new ArrayList<>();
    private volatile boolean isWell = true;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    THREADS,
                    THREADS,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(WAITING_AT_MOST),
                    Thread.ofPlatform().name("disk-reader-", 0).factory());

    Readers(Database database) throws SQLException {
        for (int i = 0; i < THREADS; i++)
            all.add(new StreamReader(database.reading(), database.life()));
        free.addAll(all);
    }

    /** Completes on one of the threads, which nobody may hold up. */
    <T> CompletionStage<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> ask(question, answer));
        } catch (RejectedExecutionException _) {
            answer.completeExceptionally(new NotWritten("too much waits for the disk"));
        }
        return answer;
    }

    /** Whether the last one could be answered. */
    boolean isWell() {
        return isWell;
    }

    private <T> void ask(Question<T> question, CompletableFuture<T> answer) {
        StreamReader reader = free.remove(); // as many as threads
        T found;
        try {
            found = question.ask(reader);
        } catch (SQLException | RuntimeException e) {
            if (isWell)
                LOG.atError()
                        .addKeyValue("reason", e.getMessage())
                        .log("persistent_history_not_read");
            isWell = false;
            free.add(reader);
            answer.completeExceptionally(e);
            return;
        }
        isWell = true;
        free.add(reader);
        answer.complete(found);
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) threads.shutdownNow();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        for (StreamReader reader : all) {
            try {
                reader.close();
            } catch (SQLException e) {
                LOG.atWarn().setCause(e).log("persistent_history_left_open");
            }
        }
    }
}
