package dev.cardea.server;

import dev.cardea.server.config.HttpServerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether certificates were renewed. A certificate that can't be used is told
 * once, and the old one stays. Only runs where there is TLS.
 */
final class TlsWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);

    private final Doors doors;
    private final Supplier<HttpServerConfig> config;
    private final Thread thread;
    private String lastFailure = "";

    private TlsWatch(Doors doors, Supplier<HttpServerConfig> config, Duration every) {
        this.doors = doors;
        this.config = config;
        this.thread = Thread.ofVirtual().name("tls watch").unstarted(() -> run(every));
    }

    static TlsWatch start(Doors doors, Supplier<HttpServerConfig> config, Duration every) {
        TlsWatch watch = new TlsWatch(doors, config, every);
        watch.thread.start();
        return watch;
    }

    private void run(Duration every) {
        try {
            while (true) {
                Thread.sleep(every);
                look();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /** Also by itself, when an operator says so. */
    synchronized void look() {
        try {
            if (doors.renewTls(config.get())) LOG.atInfo().log("tls_renewed");
            lastFailure = "";
        } catch (IOException e) {
            String failure = String.valueOf(e.getMessage());
            if (failure.equals(lastFailure)) return;
            LOG.atError().addKeyValue("reason", failure).log("tls_not_renewed");
            lastFailure = failure;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
