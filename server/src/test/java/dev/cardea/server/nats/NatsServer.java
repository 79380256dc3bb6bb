package dev.cardea.server.nats;

import dev.cardea.testkit.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A NATS with JetStream of this test's own, on a free port, with a folder of its own. */
public final class NatsServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nats-server");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final int port;
    private final Path folder;
    private final List<String> settings;
    private @Nullable Process process;

    private NatsServer(int port, Path folder, List<String> settings) {
        this.port = port;
        this.folder = folder;
        this.settings = settings;
    }

    /** Starts one; a machine without NATS skips the test. */
    public static NatsServer start(String... settings) {
        NatsServer server = create(List.of(settings));
        server.restart();
        return server;
    }

    private static NatsServer create(List<String> settings) {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "needs " + PROGRAM);
        try {
            return new NatsServer(FreePorts.next(), Files.createTempDirectory("nats"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Three that are one. They take their time to agree on a leader. */
    static List<NatsServer> cluster() {
        List<Integer> routes = Stream.generate(FreePorts::next).limit(3).toList();
        String all = String.join(",", routes.stream().map(p -> "nats://127.0.0.1:" + p).toList());
        List<NatsServer> servers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            servers.add(
                    create(
                            List.of(
                                    "--name",
                                    "n" + i,
                                    "--cluster_name",
                                    "c",
                                    "--cluster",
                                    "nats://127.0.0.1:" + routes.get(i),
                                    "--routes",
                                    all)));
        }
        servers.forEach(NatsServer::restart);
        return servers;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** Where it was, with what it has stored. */
    public void restart() {
        List<String> command = new ArrayList<>();
        command.add(PROGRAM.toString());
        command.addAll(
                List.of("-a", "127.0.0.1", "-p", "" + port, "-js", "-sd", folder.toString()));
        command.addAll(settings);
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("nats.log").toFile())
                            .start();
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!answers()) {
                if (System.nanoTime() > deadline)
                    throw new IOException(
                            "no answer:\n" + Files.readString(folder.resolve("nats.log")));
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == 'I'; // INFO
        } catch (IOException _) {
            return false;
        }
    }

    /** It is there, and answers nothing. */
    void pause() {
        if (process == null) throw new IllegalStateException("it doesn't run");
        try {
            Process kill = new ProcessBuilder("kill", "-STOP", "" + process.pid()).start();
            if (kill.waitFor() != 0) throw new IOException("kill failed");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As by kill -9. */
    public void kill() {
        if (process == null) return;
        process.destroyForcibly();
        process.onExit().join();
        process = null;
    }

    /** What it has stored is gone. */
    public void empty() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList())
                if (!file.equals(folder)) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        empty();
        try {
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
