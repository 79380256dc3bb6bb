package dev.cardea.server.proxy;

import dev.cardea.messaging.hook.Caller;
import dev.cardea.server.config.DisconnectHookConfig;
import dev.cardea.wire.Bytes;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells the backend of connections that have ended, apart from everything that clients wait for.
 * What waits is bounded; each notice is tried a few times, with a growing pause, then given up.
 * Notices of different connections may overtake each other.
 */
final class DisconnectNotices implements AutoCloseable {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long the end of the server waits for what is still to be told. */
    private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(3);

    private record Notice(Caller caller, int code, String reason) {}

    private final Backend backend;
    private final ProxyCounters counters;
    private final int attempts;
    private final BlockingQueue<Notice> waiting;
    private final Semaphore idle;
    private final AtomicInteger untold = new AtomicInteger();
    private final Thread dispatcher;
    private volatile boolean ended;

    DisconnectNotices(Backend backend, DisconnectHookConfig config, ProxyCounters counters) {
        this.backend = backend;
        this.counters = counters;
        this.attempts = config.attempts();
        this.waiting = new ArrayBlockingQueue<>(config.queueSize());
        this.idle = new Semaphore(config.proxy().maxConcurrentCalls());
        this.dispatcher = Thread.ofVirtual().name("proxy-disconnect").start(this::dispatch);
    }

    /** Never waits. */
    void add(Caller caller, int code, String reason) {
        untold.incrementAndGet();
        if (waiting.offer(new Notice(caller, code, reason))) return;
        untold.decrementAndGet();
        counters.noticeDropped();
    }

    private void dispatch() {
        try {
            while (true) {
                Notice notice = waiting.take();
                idle.acquire();
                var _ =
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        tell(notice);
                                    } finally {
                                        untold.decrementAndGet();
                                        idle.release();
                                    }
                                });
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the server ends
        }
    }

    private void tell(Notice notice) {
        Bytes body =
                ProxyRequest.disconnect(
                        backend.config(), notice.caller(), notice.code(), notice.reason());
        long pauseNanos = FIRST_PAUSE_NANOS;
        int attempt = 0;
        while (!Thread.currentThread().isInterrupted() && !ended) {
            switch (ask(notice, body)) {
                case TAKEN -> {
                    return;
                }
                case FAILED -> attempt++;
                case NOT_ASKED -> {} // the circuit is open: nothing was tried
            }
            if (attempt == attempts) break;
            LockSupport.parkNanos(pauseNanos);
            pauseNanos = Math.min(pauseNanos * 4, LONGEST_PAUSE_NANOS);
        }
        counters.noticeDropped();
    }

    private enum Outcome {
        TAKEN,
        FAILED,
        NOT_ASKED
    }

    private Outcome ask(Notice notice, Bytes body) {
        try {
            backend.ask(notice.caller().peer(), body, ProxyAnswer::taken)
                    .toCompletableFuture()
                    .join();
            return Outcome.TAKEN; // whatever it says: it was told
        } catch (CompletionException e) { // counted and logged where it happened
            boolean wasAsked =
                    !(e.getCause() instanceof BackendFailure failure)
                            || failure.reason() != BackendFailure.Reason.CIRCUIT_OPEN;
            return wasAsked ? Outcome.FAILED : Outcome.NOT_ASKED;
        }
    }

    /** Waits a little for what is still to be told. */
    @Override
    public void close() {
        long deadlineNanos = System.nanoTime() + FAREWELL_NANOS;
        while (untold.get() > 0 && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        ended = true;
        dispatcher.interrupt();
    }

    static @Nullable DisconnectNotices of(
            @Nullable Backend backend, DisconnectHookConfig config, ProxyCounters counters) {
        return backend == null ? null : new DisconnectNotices(backend, config, counters);
    }
}
