package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * All readers of a channel with history lose their connection, miss publications, come back at once
 * and recover: how long until all of them have everything. Done many times with one server: soon
 * after its start, as after a restart, and when it has been at it for a while, as after a cut line.
 */
record Recover(int readers, int missed) implements Scenario {
    private static final int DATUM_BYTES = 128;
    private static final int UNCOUNTED_ROUNDS = 2;
    private static final int COUNTED_ROUNDS = 5;
    private static final int WARM_UP_ROUNDS = 20;

    @Override
    public void run(Stage stage) throws IOException {
        Feed feed = new Feed("hist:bench", DATUM_BYTES, stage.measurement());
        List<Client> clients = stage.readersOf(feed, readers);
        stage.crowd().open(clients, 0);
        stage.publisherOf(feed);
        if (clients.stream().anyMatch(client -> client.position().epoch().isEmpty())) {
            throw new IllegalStateException("the server gave no position: is history on?");
        }
        rounds(stage, feed, clients, UNCOUNTED_ROUNDS);
        counted(stage, feed, clients, "");
        rounds(stage, feed, clients, WARM_UP_ROUNDS);
        counted(stage, feed, clients, "_warm");
    }

    private void counted(Stage stage, Feed feed, List<Client> clients, String suffix)
            throws IOException {
        stage.measurement().start();
        double[] seconds = rounds(stage, feed, clients, COUNTED_ROUNDS);
        stage.measurement().stop().forEach((name, value) -> stage.result(name + suffix, value));
        Arrays.sort(seconds);
        stage.result("seconds" + suffix, seconds[COUNTED_ROUNDS / 2]);
    }

    private double[] rounds(Stage stage, Feed feed, List<Client> clients, int count)
            throws IOException {
        double[] seconds = new double[count];
        for (int i = 0; i < count; i++) seconds[i] = round(stage, feed, clients);
        return seconds;
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
