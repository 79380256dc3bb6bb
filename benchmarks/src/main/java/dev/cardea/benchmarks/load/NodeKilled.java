package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One of three servers that share a Redis is killed; its clients come to the two others by turns,
 * and recover there what was published meanwhile. Each client checks that it gets every publication
 * once and in order.
 *
 * @param missed publications of each channel while its readers are away
 */
record NodeKilled(int connections, int channels, int missed) implements Scenario {
    private static final int DATUM_BYTES = 128;
    private static final int BEFORE = 5;
    private static final int GUESTS = 500;
    private static final int JOINING_AT_ONCE = 1000;
    private static final long GIVEN_UP_NANOS = TimeUnit.SECONDS.toNanos(90);

    @Override
    public void run(Stage stage) throws IOException {
        Crowd crowd = stage.crowd();
        warmUp(stage);
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            Feed feed = new Feed("hist:bench" + i, DATUM_BYTES, stage.measurement());
            crowd.open(stage.readersOf(feed, connections / channels), 0);
            feeds.add(feed);
        }
        crowd.goTo(stage.second().port());
        for (Feed feed : feeds) stage.publisherOf(feed);
        publish(stage, feeds, BEFORE);
        feeds.forEach(stage::drain);

        crowd.expectLosses(_ -> {});
        RedisCommands redis = RedisCommands.now();
        long startNanos = System.nanoTime();
        stage.server().end(false);
        publish(stage, feeds, missed);
        int back = comeBack(stage, startNanos + GIVEN_UP_NANOS);
        feeds.forEach(stage::drain);
        stage.result("seconds", (System.nanoTime() - startNanos) / 1e9);
        if (back < connections) stage.problem(back + " of " + connections + " came back");
        RedisCommands after = RedisCommands.now();
        stage.result("redis_calls", after.calls() - redis.calls());
        stage.result("redis_subscribe_calls", after.subscribes() - redis.subscribes());
        publish(stage, feeds, 1); // the live ones go on behind the recovered
        feeds.forEach(stage::drain);
    }

    /**
     * The two others have had clients of their own, as servers that live have: these come and go.
     */
    private static void warmUp(Stage stage) throws IOException {
        Crowd crowd = stage.crowd();
        Feed feed = new Feed("hist:guests", DATUM_BYTES, stage.measurement());
        List<Client> guests = stage.readersOf(feed, GUESTS);
        long endNanos = System.nanoTime() + (long) (stage.warmUpSeconds() * 1e9);
        while (System.nanoTime() - endNanos < 0) {
            for (Stage.Second each : List.of(stage.second(), stage.third())) {
                crowd.goTo(each.port());
                crowd.open(guests, 0);
                guests.forEach(Client::close);
            }
        }
        crowd.goTo(stage.port());
    }

    private static void publish(Stage stage, List<Feed> feeds, int each) {
        long replies = stage.crowd().publishReplies() + (long) each * feeds.size();
        for (int i = 0; i < each; i++) feeds.forEach(feed -> feed.publish(System.nanoTime()));
        stage.crowd().await("publish replies", () -> stage.crowd().publishReplies() >= replies);
    }

    private int comeBack(Stage stage, long untilNanos) throws IOException {
        Crowd crowd = stage.crowd();
        int opened = 0;
        while (opened < connections || crowd.joining() > 0) {
            if (System.nanoTime() - untilNanos > 0) break;
            crowd.turn(0);
            while (crowd.joining() < JOINING_AT_ONCE) {
                Client lost = crowd.nextLost();
                if (lost == null) break;
                crowd.goTo(opened % 2 == 0 ? stage.second().port() : stage.third().port());
                crowd.open(lost);
                opened++;
            }
        }
        return opened - crowd.joining();
    }
}
