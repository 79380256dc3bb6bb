package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Allocations of a TURN server on this machine: how many a second, what those weigh that do
 * nothing, what datagrams in a row cost. Prints its figures as one line of JSON.
 */
final class TurnMain {
    private static final int IN_A_ROUND = 3000;
    private static final int WARM_UP_IDLE = 200;
    private static final int IDLE = 10_000;
    private static final long SETTLE_MILLIS = 500;

    private final ServerProcess server;
    private final TurnCrowd crowd;
    private final Map<String, Object> figures = new TreeMap<>();

    private TurnMain(ServerProcess server, TurnCrowd crowd) {
        this.server = server;
        this.crowd = crowd;
    }

    /**
     * @param arguments {@code turn-allocate}, {@code turn-burst} or {@code turn-idle}, the server's
     *     port, its process id, a user, the password, and the rounds, or seconds, to warm up and as
     *     many to measure
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 6) {
            System.err.println("usage: SCENARIO PORT PID USER PASSWORD ROUNDS");
            System.exit(2);
        }
        ServerProcess server = new ServerProcess(Long.parseLong(arguments[2]));
        TurnCrowd crowd = new TurnCrowd(Integer.parseInt(arguments[1]), arguments[3], arguments[4]);
        TurnMain main = new TurnMain(server, crowd);
        switch (arguments[0]) {
            case "turn-allocate" -> main.allocate(Integer.parseInt(arguments[5]));
            case "turn-burst" -> main.burst(Integer.parseInt(arguments[5]));
            case "turn-idle" -> main.idle();
            default -> throw new IllegalArgumentException("no scenario is called " + arguments[0]);
        }
        main.figures.put("problems", crowd.problemCount());
        main.figures.put("problem_examples", crowd.problems());
        System.out.println(Json.of(main.figures));
        if (crowd.problemCount() > 0) System.exit(1);
    }

    /** As fast as it goes, then all given back; what is measured is the first part of a round. */
    private void allocate(int rounds) throws IOException, InterruptedException {
        long nanos = 0;
        long ticks = 0;
        for (int round = 0; round < 2 * rounds; round++) {
            long startNanos = System.nanoTime();
            long startTicks = server.cpuTicks();
            List<TurnClient> holders = crowd.allocate(IN_A_ROUND);
            if (round >= rounds) {
                ticks += server.cpuTicks() - startTicks;
                nanos += System.nanoTime() - startNanos;
            }
            checkPorts(holders);
            crowd.giveBack();
            Thread.sleep(SETTLE_MILLIS); // so that what follows the end isn't part of the next
        }
        double count = (double) rounds * IN_A_ROUND;
        figures.put("allocations_per_second", count / (nanos / 1e9));
        figures.put("cpu_us_per_allocation", ticks * 1e6 / ServerProcess.TICKS_A_SECOND / count);
    }

    private void checkPorts(List<TurnClient> holders) {
        BitSet seen = new BitSet();
        for (TurnClient each : holders) {
            if (seen.get(each.relayPort())) crowd.problem("two have port " + each.relayPort());
            seen.set(each.relayPort());
        }
    }

    private void burst(int seconds) throws IOException {
        TurnBurst burst = new TurnBurst(crowd);
        burst.runFor(seconds);
        long startTicks = server.cpuTicks();
        long count = burst.runFor(seconds);
        double micros = (server.cpuTicks() - startTicks) * 1e6 / ServerProcess.TICKS_A_SECOND;
        figures.put("cpu_us_per_packet", micros / Math.max(1, count));
        figures.put("packets_per_second", count / (double) seconds);
        crowd.giveBack();
    }

    private void idle() throws IOException, InterruptedException {
        crowd.allocate(WARM_UP_IDLE);
        crowd.giveBack();
        Thread.sleep(SETTLE_MILLIS);
        boolean isJvm = isJvm();
        long heapBefore = isJvm ? liveHeapBytes() : 0;
        long before = server.residentBytes();
        crowd.allocate(IDLE);
        Thread.sleep(SETTLE_MILLIS);
        figures.put("kb_per_allocation", (server.residentBytes() - before) / 1e3 / IDLE);
        figures.put("rss_mb_after", server.residentBytes() / 1e6);
        if (!isJvm) return;
        figures.put("heap_bytes_per_allocation", (liveHeapBytes() - heapBefore) / (double) IDLE);
    }

    private boolean isJvm() throws IOException {
        Path comm = Path.of("/proc", Long.toString(server.pid()), "comm");
        return Files.readString(comm).strip().equals("java");
    }

    /** What is alive in the server's heap, after a full collection. */
    private long liveHeapBytes() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asked =
                new ProcessBuilder(
                                jcmd.toString(), Long.toString(server.pid()), "GC.class_histogram")
                        .start();
        String table = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        List<String> total =
                List.of(table.strip().substring(table.strip().lastIndexOf('\n') + 1).split("\\s+"));
        return Long.parseLong(total.get(2)); // Total, objects, bytes
    }
}
