package dev.cardea.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A broker in a network namespace of its own, and a cable to it for each node. A cable is cut in
 * silence: packets go to a network card that isn't there.
 */
public final class Cables implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int PORT = 6379; // one for all: it is alone there
    private static final String NOBODY = "02:00:00:00:00:01";

    /** Which way nothing comes through. */
    public enum Cut {
        TO_BROKER,
        FROM_BROKER,
        BOTH
    }

    /** What is at the other end. */
    public enum Broker {
        REDIS("/usr/bin/redis-server") {
            @Override
            List<String> arguments(Path folder) {
                return List.of(
                        "--port",
                        "" + PORT,
                        "--bind",
                        "0.0.0.0",
                        "--protected-mode",
                        "no",
                        "--save",
                        "",
                        "--dir",
                        folder.toString());
            }
        },
        NATS("/usr/sbin/nats-server") {
            @Override
            List<String> arguments(Path folder) {
                return List.of("-p", "" + PORT, "-js", "-sd", folder.toString());
            }
        };

        private final String program;

        Broker(String program) {
            this.program = program;
        }

        abstract List<String> arguments(Path folder);
    }

    private final int number = ThreadLocalRandom.current().nextInt(1, 250);
    private final String namespace = "cardea" + number;
    private final int count;
    private final Broker broker;
    private @Nullable Process running;

    private Cables(Broker broker, int count) {
        this.broker = broker;
        this.count = count;
    }

    /** Lays them; who may not, or has no such broker, skips the test. */
    public static Cables lay(Broker broker, int count) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of(broker.program)), "needs " + broker.program);
        Cables cables = new Cables(broker, count);
        Assumptions.assumeTrue(
                isDone("ip", "netns", "add", cables.namespace), "needs to make network namespaces");
        try {
            cables.lay();
        } catch (Exception | AssertionError e) {
            cables.close();
            throw e;
        }
        return cables;
    }

    private void lay() throws Exception {
        for (int i = 0; i < count; i++) {
            run(
                    "ip link add %s type veth peer name %s netns %s"
                            .formatted(here(i), there(i), namespace));
            run("ip addr add 10.213.%d.%d/30 dev %s".formatted(number, 4 * i + 1, here(i)));
            run("ip link set %s up".formatted(here(i)));
            inside("ip addr add 10.213.%d.%d/30 dev %s".formatted(number, 4 * i + 2, there(i)));
            inside("ip link set %s up".formatted(there(i)));
        }
        inside("ip link set lo up");
        List<String> command =
                new ArrayList<>(List.of("ip", "netns", "exec", namespace, broker.program));
        command.addAll(broker.arguments(Files.createTempDirectory("cardea-cables")));
        Process started =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        running = started;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!answers()) assertThat(System.nanoTime()).isLessThan(deadline);
    }

    private boolean answers() {
        try (Socket _ = new Socket("10.213.%d.%d".formatted(number, 2), PORT)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private String here(int cable) {
        return namespace + (char) ('a' + cable);
    }

    private String there(int cable) {
        return "c" + cable;
    }

    /** The broker at the other end of a cable. */
    public String address(int cable) {
        return "10.213.%d.%d:%d".formatted(number, 4 * cable + 2, PORT);
    }

    public void cut(int cable, Cut way) throws Exception {
        if (way != Cut.FROM_BROKER)
            run(
                    "ip neigh replace 10.213.%d.%d lladdr %s dev %s nud permanent"
                            .formatted(number, 4 * cable + 2, NOBODY, here(cable)));
        if (way != Cut.TO_BROKER)
            inside(
                    "ip neigh replace 10.213.%d.%d lladdr %s dev %s nud permanent"
                            .formatted(number, 4 * cable + 1, NOBODY, there(cable)));
    }

    public void mend(int cable, Cut way) throws Exception {
        if (way != Cut.FROM_BROKER)
            run("ip neigh del 10.213.%d.%d dev %s".formatted(number, 4 * cable + 2, here(cable)));
        if (way != Cut.TO_BROKER)
            inside(
                    "ip neigh del 10.213.%d.%d dev %s"
                            .formatted(number, 4 * cable + 1, there(cable)));
    }

    private void inside(String command) throws Exception {
        run("ip netns exec " + namespace + " " + command);
    }

    private static void run(String command) throws Exception {
        assertThat(isDone(command.split(" ", -1))).as(command).isTrue();
    }

    private static boolean isDone(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (InputStream output = process.getInputStream()) {
                String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                boolean isDone = process.waitFor() == 0;
                if (!isDone) System.getLogger("cables").log(System.Logger.Level.DEBUG, said);
                return isDone;
            }
        } catch (IOException e) {
            System.getLogger("cables").log(System.Logger.Level.DEBUG, Arrays.toString(command), e);
            return false;
        }
    }

    @Override
    public void close() {
        if (running != null) {
            List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
            all.add(running.toHandle());
            all.forEach(ProcessHandle::destroyForcibly);
            running.onExit().join();
        }
        try {
            isDone("ip", "netns", "del", namespace);
            for (int i = 0; i < count; i++) isDone("ip", "link", "del", here(i));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
