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

    /** Its process id is 0 where there is none. */
    private static final ServerProcess BROKER = new ServerProcess(Long.getLong("broker.pid", 0));

    /** After another pace, until compiled code fits it. */
    private static final double SETTLE_SECONDS = 10;

    @Override
    public void run(Stage stage) throws IOException {
        Feed feed = new Feed(channel, DATUM_BYTES, stage.measurement());
        stage.crowd().open(stage.readersOf(feed, readers), 0);
        stage.crowd().goTo(stage.second().port());
        stage.publisherOf(feed);
        warmUp(stage, feed);
        PerPublication broker = new PerPublication(BROKER, feed);
        stage.measurement().start();
        stage.pace(feed, rate, stage.windowSeconds());
        stage.drain(feed);
        stage.measurement()
                .stop()
                .forEach((name, value) -> stage.result(name + "_at_" + rate, value));
        stage.result("broker_cpu_seconds_per_million_at_" + rate, broker.cpuSecondsPerMillion());
        feed.saturate(outstanding);
        stage.crowd().runFor(SETTLE_SECONDS);
        PerPublication publisher = new PerPublication(stage.second().process(), feed);
        broker = new PerPublication(BROKER, feed);
        stage.measurement().start();
        stage.crowd().runFor(stage.windowSeconds());
        stage.results().putAll(stage.measurement().stop());
        stage.result("publisher_cpu_seconds_per_million", publisher.cpuSecondsPerMillion());
        stage.result("broker_cpu_seconds_per_million", broker.cpuSecondsPerMillion());
        feed.stop();
        stage.drain(feed);
    }

    /** What a process does for publications from here on. */
    private static final class PerPublication {
        private final ServerProcess process;
        private final Feed feed;
        private final long ticksBefore;
        private final long publishedBefore;

        PerPublication(ServerProcess process, Feed feed) {
            this.process = process;
            this.feed = feed;
            this.ticksBefore = ticks();
            this.publishedBefore = feed.published();
        }

        private long ticks() {
            return process.pid() == 0 ? 0 : process.cpuTicks();
        }

        double cpuSecondsPerMillion() {
            double seconds = (double) (ticks() - ticksBefore) / ServerProcess.TICKS_A_SECOND;
            return seconds / (feed.published() - publishedBefore) * 1e6;
        }
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
