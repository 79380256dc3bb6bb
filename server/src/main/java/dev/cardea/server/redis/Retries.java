package dev.cardea.server.redis;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How often something has failed in a row, how long to wait then, and what the log says. */
final class Retries {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
    private static final long FIRST_WAIT_MILLIS = 50;
    private static final long LONGEST_WAIT_MILLIS = 2_000;

    private final Object server;
    private final String what;
    private int failures;

    /**
     * @param what the connection is for
     */
    Retries(Object server, String what) {
        this.server = server;
        this.what = what;
    }

    void succeeded() {
        failures = 0;
    }

    void failed(Throwable failure) {
        if (++failures > 1 && failures % 30 != 0) return; // once, and then each minute
        LOG.atWarn()
                .addKeyValue("server", server)
                .addKeyValue("for", what)
                .addKeyValue("why", reason(failure))
                .log("broker_unreachable");
    }

    long waitMillis() {
        return Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(failures, 10));
    }

    private static @Nullable String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) deepest = deepest.getCause();
        return deepest.getMessage();
    }
}
