package dev.cardea.server.turn;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The tools of coturn, which {@code ./cardea test} installs. */
final class Coturn {
    /**
     * @param output of both kinds
     */
    record Outcome(int exitCode, String output) {}

    private Coturn() {}

    static CompletableFuture<Outcome> run(String tool, List<String> arguments) {
        return run(tool, arguments, 50);
    }

    /**
     * @param seconds after which it is ended
     */
    static CompletableFuture<Outcome> run(String tool, List<String> arguments, int seconds) {
        List<String> command = new ArrayList<>(List.of("turnutils_" + tool));
        command.addAll(arguments);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        Process process =
                                new ProcessBuilder(command).redirectErrorStream(true).start();
                        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS)
                                .execute(process::destroy);
                        byte[] output = process.getInputStream().readAllBytes();
                        return new Outcome(
                                process.waitFor(), new String(output, StandardCharsets.UTF_8));
                    } catch (IOException | InterruptedException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    /** A peer that sends everything back, until it is closed. */
    record Peer(Process process, int port) implements AutoCloseable {
        static Peer start() throws IOException {
            int port;
            try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Process process =
                    new ProcessBuilder(
                                    "turnutils_peer",
                                    "-p",
                                    Integer.toString(port),
                                    "-L",
                                    "127.0.0.1")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return new Peer(process, port);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
