package dev.cardea.server.cli;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.cli.CardeaCommand.Refused;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader.Loaded;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** A server from its first line to its last. */
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    private Running() {}

    /**
     * Serves until the process is told to stop by SIGINT or SIGTERM, which ends it with 0. Doesn't
     * return.
     *
     * @param notes printed once the server is ready
     */
    static void untilStopped(
            Loaded loaded, @Nullable Path pages, List<String> notes, PrintWriter out)
            throws Refused, InterruptedException {
        Config config = loaded.config();
        LogSetup.setLevel(config.log().level());
        loaded.warnings().forEach(warning -> LOG.atWarn().addKeyValue("at", warning).log("config"));
        CardeaServer server = start(config, pages);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        tellReady(config, server, notes, out);
        new CountDownLatch(1).await();
    }

    private static void tellReady(
            Config config, CardeaServer server, List<String> notes, PrintWriter out) {
        LoggingEventBuilder started =
                LOG.atInfo()
                        .addKeyValue("version", Version.number())
                        .addKeyValue("port", server.port());
        // not the management beans: they take as long as the rest
        Optional<Instant> start = ProcessHandle.current().info().startInstant();
        if (start.isPresent()) {
            long millis = Duration.between(start.get(), Instant.now()).toMillis();
            started = started.addKeyValue("millis", millis);
        }
        started.log("started");
        out.println("Cardea is ready: " + url(config, server));
        for (String note : notes) out.println(note);
        out.flush();
    }

    private static String url(Config config, CardeaServer server) {
        String address = config.httpServer().address();
        boolean isLocal = address.isEmpty() || address.equals("127.0.0.1") || address.equals("::1");
        boolean isV6 = address.contains(":");
        String host = isLocal ? "localhost" : isV6 ? "[" + address + "]" : address;
        return "http://" + host + ":" + server.port();
    }

    /** As {@link #untilStopped}, but stops at once; {@code task} is run in between. */
    static void once(Loaded loaded, PrintWriter out, Task task) throws Refused, IOException {
        LogSetup.setLevel(loaded.config().log().level());
        try (CardeaServer server = start(loaded.config(), null)) {
            tellReady(loaded.config(), server, List.of(), out);
            task.run(server.port());
        }
    }

    /** What is done with a running server. */
    interface Task {
        void run(int port) throws IOException;
    }

    private static CardeaServer start(Config config, @Nullable Path pages) throws Refused {
        String address = config.httpServer().address();
        int port = config.httpServer().port();
        try {
            return CardeaServer.start(config, pages);
        } catch (IOException e) {
            throw new Refused(
                    "can't listen on port %d%s (%s); --port and --address choose another"
                            .formatted(
                                    port,
                                    address.isEmpty() ? "" : " of " + address,
                                    e.getMessage()));
        }
    }

    /** Runs while the JVM ends. */
    private static void stop(CardeaServer server) {
        int exitCode = 0;
        try {
            server.close();
            LOG.atInfo().log("stopped");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("stopped");
            exitCode = 1;
        }
        // Being told to stop is no failure; by itself the JVM would end with 128 and the signal.
        Runtime.getRuntime().halt(exitCode);
    }
}
