package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * All clients of a server lose their connections and come back to another, fresh one, which has
 * nothing else to do: what it costs there, and how long until all are subscribed again. Either the
 * first server is killed, or it is told to stop and sends them away at the pace that it is
 * configured to.
 */
record Reconnect(int connections, boolean paced) implements Scenario {
    private static final int CHANNELS = 100;

    /** More would find no place in the queue of connections that the kernel has accepted. */
    private static final int JOINING_AT_ONCE = 1000;

    private static final long GIVEN_UP_NANOS = TimeUnit.SECONDS.toNanos(90);

    @Override
    public void run(Stage stage) throws IOException {
        Crowd crowd = stage.crowd();
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++)
            feeds.add(new Feed("bench" + i, 128, stage.measurement()));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) clients.add(crowd.add(feeds.get(i % CHANNELS)));
        crowd.open(clients, 0);
        crowd.runFor(1);

        Stage.Second second = stage.second();
        Histogram joins = new Histogram(GIVEN_UP_NANOS, 3);
        crowd.expectLosses(client -> joins.recordValue(System.nanoTime() - client.openedNanos()));
        crowd.goTo(second.port());
        long startNanos = System.nanoTime();
        try (CpuSampler cpu = CpuSampler.of(second.process())) {
            stage.server().end(paced);
            int back = comeBack(crowd, startNanos + GIVEN_UP_NANOS);
            stage.result("seconds", (System.nanoTime() - startNanos) / 1e9);
            stage.result("cpu_seconds", cpu.seconds());
            stage.result("peak_cpu_percent", cpu.peakPercent());
            if (back < connections) stage.problem(back + " of " + connections + " came back");
        }
        stage.result("join_p50_ms", joins.getValueAtPercentile(50) / 1e6);
        stage.result("join_p99_ms", joins.getValueAtPercentile(99) / 1e6);
        stage.result("ended_as", crowd.lastLoss());
    }

    /** Each comes back once, as soon as its connection has ended. Returns how many have. */
    private int comeBack(Crowd crowd, long untilNanos) throws IOException {
        int opened = 0;
        while (opened < connections || crowd.joining() > 0) {
            if (System.nanoTime() - untilNanos > 0) break;
            crowd.turn(0);
            while (crowd.joining() < JOINING_AT_ONCE) {
                Client lost = crowd.nextLost();
                if (lost == null) break;
                crowd.open(lost);
                opened++;
            }
        }
        return opened - crowd.joining();
    }
}
