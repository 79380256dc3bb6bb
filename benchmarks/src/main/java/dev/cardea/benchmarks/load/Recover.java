package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * All readers of a channel with history lose their connection, miss publications, come back at once
 * and recover: how long until all of them have everything. Done several times with one server, the
 * last ones count.
 */
record Recover(int readers, int missed) implements Scenario {
    private static final int DATUM_BYTES = 128;
    private static final int ROUNDS = 7;
    private static final int COUNTED_ROUNDS = 5;

    @Override
    public void run(Stage stage) throws IOException {
        Feed feed = new Feed("hist:bench", DATUM_BYTES, stage.measurement());
        List<Client> clients = stage.readersOf(feed, readers);
        stage.crowd().open(clients, 0);
        stage.publisherOf(feed);
        if (clients.stream().anyMatch(client -> client.position().epoch().isEmpty())) {
            throw new IllegalStateException("the server gave no position: is history on?");
        }
        double[] seconds = new double[ROUNDS];
        stage.measurement().start();
        for (int i = 0; i < ROUNDS; i++) seconds[i] = round(stage, feed, clients);
        stage.result("cpu_seconds", stage.measurement().stop().getOrDefault("cpu_seconds", 0.0));
        double[] counted = Arrays.copyOfRange(seconds, ROUNDS - COUNTED_ROUNDS, ROUNDS);
        Arrays.sort(counted);
        stage.result("seconds", counted[COUNTED_ROUNDS / 2]);
        stage.result("seconds_min", counted[0]);
        stage.result("seconds_max", counted[COUNTED_ROUNDS - 1]);
    }

    private double round(Stage stage, Feed feed, List<Client> clients) throws IOException {
        clients.forEach(Client::close);
        long replies = stage.crowd().publishReplies() + missed;
        for (int i = 0; i < missed; i++) feed.publish(System.nanoTime());
        stage.crowd().await("publish replies", () -> stage.crowd().publishReplies() >= replies);
        long start = System.nanoTime();
        stage.crowd().open(clients, 0);
        stage.drain(feed);
        double seconds = (System.nanoTime() - start) / 1e9;
        feed.publish(System.nanoTime()); // the live ones go on behind the recovered
        stage.drain(feed);
        return seconds;
    }
}
