package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Some of the readers of a channel stop reading. Do the others notice (the latency of those that
 * read on, before and after), and does the server's memory grow with what the stopped ones don't
 * take (ten times as many publications, as fast as the others take them)? At the end the stopped
 * ones read again: either the server has closed them or they get everything.
 */
record StoppedReaders(int readers, int stopped) implements Scenario {
    private static final int DATUM_BYTES = 1024;
    private static final int RATE = 60;
    private static final int OUTSTANDING = 8;
    private static final int RECEIVE_BYTES =
            16_384; // of those that stop, so that the kernel hides little

    @Override
    public void run(Stage stage) throws IOException {
        Crowd crowd = stage.crowd();
        Feed feed = new Feed("bench", DATUM_BYTES, stage.measurement());
        List<Client> clients = stage.readersOf(feed, readers);
        List<Client> stopping = new ArrayList<>(clients.subList(0, stopped));
        crowd.open(stopping, RECEIVE_BYTES);
        crowd.open(clients.subList(stopped, readers), 0);
        stage.publisherOf(feed);
        stage.pace(feed, RATE, stage.warmUpSeconds());
        stage.drain(feed);

        paced(stage, feed, "all_reading");
        stopping.forEach(stage.measurement()::exclude);
        stopping.forEach(crowd::ignore);
        feed.readers(readers - stopped);
        paced(stage, feed, "some_stopped");

        stage.memory("before_flood");
        long last = feed.published() + 10L * Math.round(RATE * stage.windowSeconds());
        feed.saturate(OUTSTANDING);
        crowd.await("ten times the publications", () -> feed.published() >= last);
        feed.stop();
        stage.drain(feed);
        stage.memory("after_flood");

        long lostBefore = crowd.lostCount();
        stopping.forEach(crowd::watch);
        crowd.await("the stopped readers", () -> isSettled(stopping, feed));
        stage.result("stopped_closed", crowd.lostCount() - lostBefore);
        stage.result("stopped_closed_as", crowd.lastLoss());
        stage.result("stopped_caught_up", (long) stopped - (crowd.lostCount() - lostBefore));
    }

    private static void paced(Stage stage, Feed feed, String when) {
        stage.measurement().start();
        stage.pace(feed, RATE, stage.windowSeconds());
        stage.drain(feed);
        stage.measurement().stop().forEach((name, value) -> stage.result(name + "_" + when, value));
    }

    private static boolean isSettled(List<Client> stopping, Feed feed) {
        return stopping.stream()
                .allMatch(client ->
                        client.state() == Client.State.CLOSED
                                || client.sequence() == feed.published());
    }
}
