package dev.cardea.server;

import dev.cardea.server.config.ShutdownConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the connections of a server that ends to others: each is told to reconnect (3001; a
 * subscriber of the Mercure hub comes back by itself once its stream has ended), evenly over time,
 * in no particular order. Those that were opened meanwhile come last.
 *
 * <p>One whose peer doesn't read has what is left of the time to take what was published before.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** Of the time, for the last ones to take what was published before. */
    private static final int RESERVE_PART = 10;

    private static final Duration LONGEST_RESERVE = Duration.ofSeconds(3);
    private static final long STEP_MILLIS = 5;

    private final OpenConnections connections;
    private final ShutdownConfig config;
    private final long startNanos;
    private final Queue<Runnable> open = new ArrayDeque<>();

    /** The time runs from here. */
    Drain(OpenConnections connections, ShutdownConfig config) {
        this.connections = connections;
        this.config = config;
        this.startNanos = System.nanoTime();
    }

    /** Lets load balancers notice that the server isn't ready. */
    void awaitGrace() throws InterruptedException {
        Thread.sleep(config.grace());
    }

    /** Returns when no connection is left, or the time is over. */
    void run() throws InterruptedException {
        int count = connections.count();
        if (count == 0) return;
        Duration reserve = config.timeout().dividedBy(RESERVE_PART);
        if (reserve.compareTo(LONGEST_RESERVE) > 0) reserve = LONGEST_RESERVE;
        long now = System.nanoTime();
        Pacer pacer = new Pacer(config.rate(), now, now + left().minus(reserve).toNanos());
        tell(count, pacer.pace(count, now));
        int untold = count;
        while (connections.count() > 0 && left().isPositive()) {
            int due = pacer.due(Math.max(1, untold), System.nanoTime());
            for (int i = 0; i < due && tellNext(); i++) untold--;
            Thread.sleep(STEP_MILLIS); // once all were told, some still read
        }
        if (connections.count() > 0) {
            LOG.atWarn().addKeyValue("connections", connections.count()).log("drain_cut_short");
        }
    }

    private void tell(int count, Pace pace) {
        var event = pace.isHurried() ? LOG.atWarn() : LOG.atInfo();
        event.addKeyValue("connections", count)
                .addKeyValue("per_second", Math.round(pace.perSecond()))
                .addKeyValue("seconds", pace.duration(count).toSeconds())
                .log(pace.isHurried() ? "draining_faster_than_shutdown_rate" : "draining");
    }

    private boolean tellNext() {
        if (open.isEmpty()) open.addAll(connections.ends());
        Runnable next = open.poll();
        if (next == null) return false;
        next.run();
        return true;
    }

    private Duration left() {
        return config.timeout().minusNanos(System.nanoTime() - startNanos);
    }
}
