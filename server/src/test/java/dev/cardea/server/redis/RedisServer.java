package dev.cardea.server.redis;

import dev.cardea.testkit.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A Redis of this test's own, on a free port, which keeps nothing on disk. */
public final class RedisServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/redis-server");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final int port;
    private final Path folder;
    private final List<String> settings;
    private @Nullable Process process;

    private RedisServer(int port, Path folder, List<String> settings) {
        this.port = port;
        this.folder = folder;
        this.settings = settings;
    }

    /** Starts one; a machine without Redis skips the test. */
    public static RedisServer start(String... settings) {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "needs " + PROGRAM);
        try {
            RedisServer server =
                    new RedisServer(
                            FreePorts.next(),
                            Files.createTempDirectory("redis"),
                            List.of(settings));
            server.restart();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Sentinel that alone decides when a master, which it calls m, is down. */
    static RedisServer sentinel(int masterPort) {
        try {
            Path folder = Files.createTempDirectory("sentinel");
            int port = FreePorts.next();
            Path config = folder.resolve("sentinel.conf");
            Files.writeString(
                    config,
                    """
                    port %d
                    bind 127.0.0.1
                    sentinel monitor m 127.0.0.1 %d 1
                    sentinel down-after-milliseconds m 500
                    sentinel failover-timeout m 3000
                    """
                            .formatted(port, masterPort));
            RedisServer server =
                    new RedisServer(port, folder, List.of(config.toString(), "--sentinel"));
            server.run(List.of());
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Where it was: empty, on the same port. */
    public void restart() throws IOException {
        run(
                List.of(
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        folder.toString()));
    }

    private void run(List<String> first) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(PROGRAM.toString());
        command.addAll(first);
        command.addAll(settings);
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("redis.log").toFile())
                        .start();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!answers()) {
            if (System.nanoTime() > deadline)
                throw new IOException(
                        "no answer:\n" + Files.readString(folder.resolve("redis.log")));
            Thread.onSpinWait();
        }
    }

    private boolean answers() {
        try {
            return ask("PING").startsWith("+PONG");
        } catch (IOException _) {
            return false;
        }
    }

    /** Says something, and returns the first bytes of what it answers. */
    public String ask(String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[64 * 1024];
            int length = socket.getInputStream().read(answer);
            return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
        }
    }

    boolean runs() {
        return process != null;
    }

    /** As by kill -9. */
    public void kill() {
        if (process == null) return;
        process.destroyForcibly();
        process.onExit().join();
        process = null;
    }

    @Override
    public void close() {
        kill();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
