package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
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
 * A Redis in a network namespace of its own, and a cable to it for each node. A cable is cut in
 * silence: packets go to a network card that isn't there.
 */
final class Cables implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int PORT = 6379;
    private static final String NOBODY = "02:00:00:00:00:01";

    /** Which way nothing comes through. */
    enum Cut {
        TO_REDIS,
        FROM_REDIS,
        BOTH
    }

    private final int number = ThreadLocalRandom.current().nextInt(1, 250);
    private final String namespace = "cardea" + number;
    private final int count;
    private @Nullable Process redis;

    private Cables(int count) {
        this.count = count;
    }

    /** Lays them; who may not, or has no Redis, skips the test. */
    static Cables lay(int count) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/redis-server")), "needs redis-server");
        Cables cables = new Cables(count);
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
                List.of(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        "redis-server",
                        "--port",
                        "" + PORT,
                        "--bind",
                        "0.0.0.0",
                        "--protected-mode",
                        "no",
                        "--save",
                        "",
                        "--dir",
                        "/tmp");
        Process started =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        redis = started;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!isDone("ip", "netns", "exec", namespace, "redis-cli", "ping"))
            assertThat(System.nanoTime()).isLessThan(deadline);
    }

    private String here(int cable) {
        return namespace + (char) ('a' + cable);
    }

    private String there(int cable) {
        return "c" + cable;
    }

    /** Redis at the other end of a cable. */
    String address(int cable) {
        return "10.213.%d.%d:%d".formatted(number, 4 * cable + 2, PORT);
    }

    void cut(int cable, Cut way) throws Exception {
        if (way != Cut.FROM_REDIS)
            run(
                    "ip neigh replace 10.213.%d.%d lladdr %s dev %s nud permanent"
                            .formatted(number, 4 * cable + 2, NOBODY, here(cable)));
        if (way != Cut.TO_REDIS)
            inside(
                    "ip neigh replace 10.213.%d.%d lladdr %s dev %s nud permanent"
                            .formatted(number, 4 * cable + 1, NOBODY, there(cable)));
    }

    void mend(int cable, Cut way) throws Exception {
        if (way != Cut.FROM_REDIS)
            run("ip neigh del 10.213.%d.%d dev %s".formatted(number, 4 * cable + 2, here(cable)));
        if (way != Cut.TO_REDIS)
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
        if (redis != null) {
            List<ProcessHandle> all = new ArrayList<>(redis.descendants().toList());
            all.add(redis.toHandle());
            all.forEach(ProcessHandle::destroyForcibly);
            redis.onExit().join();
        }
        try {
            isDone("ip", "netns", "del", namespace);
            for (int i = 0; i < count; i++) isDone("ip", "link", "del", here(i));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
