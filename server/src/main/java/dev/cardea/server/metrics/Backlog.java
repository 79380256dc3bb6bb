package dev.cardea.server.metrics;

import dev.cardea.messaging.hub.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What waits for clients that don't read, over all event loops.
 *
 * @param stalledConnections whose peers didn't take all that was written
 * @param lagPublications that their cursors haven't read
 * @param pendingBytes that their peers haven't taken
 * @param largestPendingBytes of one connection
 * @param lateLoops event loops that didn't answer in time: the numbers are without theirs
 * @param longestWaitNanos that an event loop took to come to the question
 */
record Backlog(
        long stalledConnections,
        long lagPublications,
        long pendingBytes,
        long largestPendingBytes,
        int lateLoops,
        long longestWaitNanos) {
    static final Backlog NONE = new Backlog(0, 0, 0, 0, 0, 0);

    private record Part(Shard.Lag lag, long waitNanos) {}

    /**
     * Asks every loop for its own part. From any thread.
     *
     * @param within for the loops to answer; a loop that is busy for longer is left out
     */
    static CompletionStage<Backlog> gather(List<Shard> shards, Duration within) {
        List<CompletableFuture<Optional<Part>>> parts = new ArrayList<>();
        for (Shard shard : shards) parts.add(ask(shard, within));
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ -> sum(parts.stream().map(CompletableFuture::resultNow).toList()));
    }

    private static CompletableFuture<Optional<Part>> ask(Shard shard, Duration within) {
        CompletableFuture<Optional<Part>> answer = new CompletableFuture<>();
        long askedNanos = System.nanoTime();
        try {
            shard.loop()
                    .execute(() -> {
                        long waitNanos = System.nanoTime() - askedNanos;
                        answer.complete(Optional.of(new Part(shard.lag(), waitNanos)));
                    });
        } catch (RejectedExecutionException _) {
            answer.complete(Optional.empty()); // the server is ending
        }
        if (answer.isDone()) return answer;
        return answer.completeOnTimeout(Optional.empty(), within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Backlog sum(List<Optional<Part>> parts) {
        Backlog sum = NONE;
        for (Optional<Part> part : parts) sum = sum.plus(part);
        return sum;
    }

    private Backlog plus(Optional<Part> part) {
        if (part.isEmpty()) {
            return new Backlog(
                    stalledConnections,
                    lagPublications,
                    pendingBytes,
                    largestPendingBytes,
                    lateLoops + 1,
                    longestWaitNanos);
        }
        Shard.Lag lag = part.get().lag();
        return new Backlog(
                stalledConnections + lag.connections(),
                lagPublications + lag.entries(),
                pendingBytes + lag.pendingBytes(),
                Math.max(largestPendingBytes, lag.largestPendingBytes()),
                lateLoops,
                Math.max(longestWaitNanos, part.get().waitNanos()));
    }
}
