package dev.cardea.benchmarks.load;

import java.io.IOException;

/**
 * What is published at one server is read at another, which shares a broker with it: at a steady
 * rate, and then as fast as it goes. The CPU time is that of the readers' server.
 *
 * @param outstanding publications under way when it goes as fast as it can
 */
record CrossNode(String channel, int readers, int rate, int outstanding) implements Scenario {
    private static final int DATUM_BYTES = 128;

    /** After another pace, until compiled code fits it. */
    private static final double SETTLE_SECONDS = 10;

    @Override
    public void run(Stage stage) throws IOException {
        Feed feed = new Feed(channel, DATUM_BYTES, stage.measurement());
        stage.crowd().open(stage.readersOf(feed, readers), 0);
        stage.crowd().goTo(stage.second().port());
        stage.publisherOf(feed);
        warmUp(stage, feed);
        stage.measurement().start();
        stage.pace(feed, rate, stage.windowSeconds());
        stage.drain(feed);
        stage.measurement()
                .stop()
                .forEach((name, value) -> stage.result(name + "_at_" + rate, value));
        feed.saturate(outstanding);
        stage.crowd().runFor(SETTLE_SECONDS);
        long before = stage.second().process().cpuTicks();
        long published = feed.published();
        stage.measurement().start();
        stage.crowd().runFor(stage.windowSeconds());
        stage.results().putAll(stage.measurement().stop());
        double million = (feed.published() - published) / 1e6;
        double ticks = stage.second().process().cpuTicks() - before;
        stage.result(
                "publisher_cpu_seconds_per_million",
                ticks / ServerProcess.TICKS_A_SECOND / million);
        feed.stop();
        stage.drain(feed);
    }

    /** At full speed, which is as fast as servers that are still cold go, and then at the rate. */
    private void warmUp(Stage stage, Feed feed) {
        feed.saturate(outstanding);
        stage.crowd().runFor(stage.warmUpSeconds());
        feed.stop();
        stage.drain(feed);
        stage.pace(feed, rate, SETTLE_SECONDS);
        stage.drain(feed);
    }
}
