package dev.cardea.server.cli;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.cli.CardeaCommand.Refused;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader.Loaded;
import dev.cardea.server.config.DurationText;
import dev.cardea.server.disk.StoreRefused;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** A server from its first line to its last. */
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    private Running() {}

    /** What a shell says of a process that a signal has ended: 128 and SIGTERM. */
    private static final int STOPPED_AT_ONCE = 143;

    /** Reads the configuration, at the start and whenever that is asked for. */
    interface Reading {
        Loaded load() throws BadConfig;
    }

    /**
     * Serves until the process is told to stop by SIGINT or SIGTERM; a second one doesn't wait for
     * the connections. SIGHUP reads the configuration again.
     *
     * @param notes printed once the server is ready
     * @return the exit code
     */
    static int untilStopped(
            Reading reading, @Nullable Path pages, List<String> notes, PrintWriter out)
            throws BadConfig, Refused, InterruptedException {
        Loaded loaded = reading.load();
        Config config = loaded.config();
        LogSetup.apply(config.log());
        loaded.warnings().forEach(warning -> LOG.atWarn().addKeyValue("at", warning).log("config"));
        CardeaServer server = start(config, pages);
        Signals signals = Signals.handle();
        tellReady(config, server, notes, out);
        CompilerThreads.giveWay();
        while (signals.next() != Signals.Told.STOP) reload(reading, server);
        LOG.atInfo()
                .addKeyValue("grace", DurationText.format(config.shutdown().grace()))
                .addKeyValue("timeout", DurationText.format(config.shutdown().timeout()))
                .log("stopping");
        return stop(server, signals);
    }

    /** All of it or nothing: a configuration that can't be used changes nothing. */
    private static void reload(Reading reading, CardeaServer server) {
        try {
            Loaded loaded = reading.load();
            LogSetup.apply(loaded.config().log());
            loaded.warnings()
                    .forEach(warning -> LOG.atWarn().addKeyValue("at", warning).log("config"));
            CardeaServer.Reloaded reloaded = server.reload(loaded.config());
            LOG.atInfo()
                    .addKeyValue("changed", String.join(" ", reloaded.applied()))
                    .log("reloaded");
            if (reloaded.pending().isEmpty()) return;
            LOG.atWarn()
                    .addKeyValue("keys", String.join(" ", reloaded.pending()))
                    .log("restart_needed");
        } catch (BadConfig e) {
            for (String problem : e.problems()) {
                LOG.atError().addKeyValue("problem", problem).log("not_reloaded");
            }
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("not_reloaded");
        }
    }

    private static int stop(CardeaServer server, Signals signals) throws InterruptedException {
        CompletableFuture<Integer> stopped = new CompletableFuture<>();
        Thread.ofPlatform().name("stop").start(() -> stopped.complete(stop(server)));
        Thread.ofPlatform()
                .name("stop at once")
                .daemon()
                .start(() -> {
                    awaitSecond(signals);
                    stopped.complete(STOPPED_AT_ONCE);
                });
        int exitCode = stopped.join();
        LOG.atInfo().log(exitCode == STOPPED_AT_ONCE ? "stopped_at_once" : "stopped");
        return exitCode;
    }

    private static void tellReady(
            Config config, CardeaServer server, List<String> notes, PrintWriter out) {
        LoggingEventBuilder started =
                LOG.atInfo()
                        .addKeyValue("version", Version.number())
                        .addKeyValue("port", server.port());
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
        return (server.speaksTls() ? "https://" : "http://") + host + ":" + server.port();
    }

    /** As {@link #untilStopped}, but stops at once; {@code task} is run in between. */
    static void once(Loaded loaded, PrintWriter out, Task task) throws Refused, IOException {
        LogSetup.apply(loaded.config().log());
        try (CardeaServer server = start(loaded.config(), null)) {
            tellReady(loaded.config(), server, List.of(), out);
            task.run(server);
        }
    }

    /** What is done with a running server. */
    interface Task {
        void run(CardeaServer server) throws IOException;
    }

    private static CardeaServer start(Config config, @Nullable Path pages) throws Refused {
        String address = config.httpServer().address();
        int port = config.httpServer().port();
        try {
            return CardeaServer.start(config, pages);
        } catch (StoreRefused e) {
            throw new Refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Refused(
                    "can't listen on port %d%s (%s); --port and --address choose another"
                            .formatted(
                                    port,
                                    address.isEmpty() ? "" : " of " + address,
                                    e.getMessage()));
        }
    }

    private static int stop(CardeaServer server) {
        try {
            server.close();
            return 0;
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("stop_failed");
            return 1;
        }
    }

    private static void awaitSecond(Signals signals) {
        try {
            while (signals.next() != Signals.Told.STOP) {}
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
