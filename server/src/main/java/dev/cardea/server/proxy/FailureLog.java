package dev.cardea.server.proxy;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how a backend is, at most once a second for what repeats. Thread safe. */
final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
    private static final long PAUSE_NANOS = 1_000_000_000;

    private final String proxy;
    private final AtomicLong silentUntilNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong unsaid = new AtomicLong();

    FailureLog(ProxyKind kind, String name) {
        this.proxy = kind.label() + "/" + name;
    }

    void failed(BackendFailure failure) {
        long nowNanos = System.nanoTime();
        long until = silentUntilNanos.get();
        if (nowNanos - until < 0
                || !silentUntilNanos.compareAndSet(until, nowNanos + PAUSE_NANOS)) {
            unsaid.incrementAndGet();
            return;
        }
        LOG.atWarn()
                .addKeyValue("proxy", proxy)
                .addKeyValue("reason", failure.reason().label())
                .addKeyValue("message", failure.getMessage())
                .addKeyValue("unsaid", unsaid.getAndSet(0))
                .log("proxy_failed");
    }

    void unexpected(RuntimeException e) {
        LOG.atError().addKeyValue("proxy", proxy).setCause(e).log("proxy_failed");
    }

    void isSpared() {
        LOG.atWarn().addKeyValue("proxy", proxy).log("proxy_circuit_opened");
    }

    void isBack() {
        LOG.atInfo().addKeyValue("proxy", proxy).log("proxy_circuit_closed");
    }
}
