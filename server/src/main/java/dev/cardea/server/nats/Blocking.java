package dev.cardea.server.nats;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Where NATS may be waited for: a virtual thread for each question, so many at once. */
final class Blocking implements Executor, AutoCloseable {
    private static final int AT_ONCE = 128;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(AT_ONCE);

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    <T> CompletionStage<T> ask(Callable<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    places.acquire();
                } catch (InterruptedException e) {
                    answer.completeExceptionally(e);
                    return;
                }
                try {
                    answer.complete(question.call());
                } catch (Exception e) {
                    answer.completeExceptionally(e);
                } finally {
                    places.release();
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    static CompletionStage<Void> done(CompletionStage<? extends @Nullable Object> stage) {
        return stage.thenApply(_ -> null);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
