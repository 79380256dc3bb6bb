package dev.cardea.benchmarks.load;

import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a scenario has at hand: one crowd before one server. */
final class Stage {
    private final Measurement measurement;
    private final Crowd crowd;
    private final int port;
    private final ServerProcess server;
    private final Metrics metrics;
    private final double warmUpSeconds;
    private final double windowSeconds;
    private @Nullable Second second;
    private @Nullable Second third;
    private final Map<String, Object> results = new TreeMap<>();

    Stage(int port, ServerProcess server, double warmUpSeconds, double windowSeconds) {
        this.port = port;
        this.server = server;
        this.measurement = new Measurement(server);
        this.crowd = new Crowd(port, measurement);
        this.metrics = new Metrics(port);
        this.warmUpSeconds = warmUpSeconds;
        this.windowSeconds = windowSeconds;
    }

    Crowd crowd() {
        return crowd;
    }

    int port() {
        return port;
    }

    ServerProcess server() {
        return server;
    }

    /** Another server, beside the one that all clients come to. */
    record Second(int port, ServerProcess process) {}

    void second(Second server) {
        second = server;
    }

    Second second() {
        if (second == null) throw new IllegalStateException("there is one server only");
        return second;
    }

    void third(Second server) {
        third = server;
    }

    Second third() {
        if (third == null) throw new IllegalStateException("there are two servers at most");
        return third;
    }

    /** One of the server's metrics now; 0 if it has none of that name. */
    double metric(String name) {
        return metrics.value(name);
    }

    void problem(String what) {
        crowd.problem(what);
    }

    Measurement measurement() {
        return measurement;
    }

    double warmUpSeconds() {
        return warmUpSeconds;
    }

    double windowSeconds() {
        return windowSeconds;
    }

    Map<String, Object> results() {
        return results;
    }

    void result(String name, Object value) {
        results.put(name, value);
    }

    /**
     * The server's resident memory now and, if it is a JVM that tells, its heap and direct memory.
     */
    void memory(String when) {
        results.put("rss_mb_" + when, server.residentBytes() / 1e6);
        metrics.megabytes().forEach((what, mb) -> results.put(what + "_mb_" + when, mb));
    }

    long residentBytes() {
        return server.residentBytes();
    }

    /** A feed with so many readers and a publisher of its own, all of them open. */
    Feed feed(String channel, int datumBytes, int readers) throws ConnectException {
        Feed feed = new Feed(channel, datumBytes, measurement);
        crowd.open(readersOf(feed, readers), 0);
        publisherOf(feed);
        return feed;
    }

    /** Clients that are to read the feed, not connected yet. */
    List<Client> readersOf(Feed feed, int count) {
        return readersOf(feed, count, Door.WEBSOCKET);
    }

    List<Client> readersOf(Feed feed, int count, Door door) {
        List<Client> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) readers.add(crowd.add(feed, door));
        feed.readers(count);
        return readers;
    }

    void publisherOf(Feed feed) throws ConnectException {
        publisherOf(feed, Door.WEBSOCKET);
    }

    void publisherOf(Feed feed, Door door) throws ConnectException {
        Client publisher = crowd.add(null, door);
        crowd.open(List.of(publisher), 0);
        feed.publisher(publisher);
    }

    /**
     * Publishes at a steady rate; each publication is stamped with the time at which it was due.
     */
    void pace(Feed feed, double publicationsPerSecond, double seconds) {
        long interval = (long) (1e9 / publicationsPerSecond);
        long start = System.nanoTime();
        long count = Math.round(publicationsPerSecond * seconds);
        for (long i = 0; i < count; i++) {
            long due = start + i * interval;
            while (System.nanoTime() - due < 0) crowd.turn(0);
            feed.publish(due);
        }
        while (System.nanoTime() - start < count * interval) crowd.turn(0);
    }

    void drain(Feed feed) {
        crowd.await("the last publications of " + feed.channel(), feed::isDrained);
    }

    Map<String, Object> finish() {
        results.put("problems", crowd.problemCount());
        results.put("problem_examples", crowd.problems());
        results.put("rss_mb_end", server.residentBytes() / 1e6);
        return results;
    }
}
