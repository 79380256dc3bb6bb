package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One kind of work. {@link #run} leaves its figures in the stage's results. */
sealed interface Scenario
        permits Scenario.Saturated,
                Scenario.SaturatedEvents,
                Scenario.Paced,
                Scenario.Idle,
                Recover,
                StoppedReaders,
                Deflate,
                Delta,
                Reconnect,
                CrossNode,
                NodeKilled {
    void run(Stage stage) throws IOException;

    static Scenario named(String name) {
        return switch (name) {
            case "fanout-saturated" -> new Saturated(1, 1000, 8);
            case "fanout-deep" -> new Saturated(1, 1000, 64);
            case "channels-saturated" -> new Saturated(200, 10, 1);
            case "channels-batched" -> new Saturated(200, 10, 8);
            case "fanout-paced" -> new Paced(1000, List.of(50, 100));
            case "idle" -> new Idle(Door.WEBSOCKET, 10_000, 200);
            case "sse-idle" -> new Idle(Door.EVENTS, 10_000, 200);
            case "sse-saturated" -> new SaturatedEvents(1000, 8);
            case "recover" -> new Recover(1000, 100);
            case "stopped-readers" -> new StoppedReaders(1000, 50);
            case "deflate" -> new Deflate(1000);
            case "delta" -> new Delta(100, 1000);
            case "redis-cross-node", "nats-cross-node" -> new CrossNode("bench", 10, 1000, 64);
            case "redis-history", "nats-history", "disk-history" ->
                    new CrossNode("hist:bench", 10, 1000, 64);
            case "redis-node-killed" -> new NodeKilled(10_000, 100, 10);
            case "reconnect" -> new Reconnect(10_000, false);
            case "reconnect-paced" -> new Reconnect(10_000, true);
            default -> throw new IllegalArgumentException("no scenario is called " + name);
        };
    }

    /**
     * As much as the server can: in each channel so many publications are under way, and the next
     * is published when all members have one. With many channels a member publishes, as in a chat;
     * with one it is a client of its own.
     */
    record Saturated(int channels, int members, int outstanding) implements Scenario {
        private static final int DATUM_BYTES = 128;

        @Override
        public void run(Stage stage) throws IOException {
            List<Feed> feeds = new ArrayList<>();
            for (int i = 0; i < channels; i++) {
                Feed feed = new Feed("bench" + i, DATUM_BYTES, stage.measurement());
                List<Client> readers = stage.readersOf(feed, members);
                stage.crowd().open(readers, 0);
                if (channels > 1) feed.publisher(readers.getFirst());
                else stage.publisherOf(feed);
                feeds.add(feed);
            }
            feeds.forEach(feed -> feed.saturate(outstanding));
            stage.crowd().runFor(stage.warmUpSeconds());
            stage.measurement().start();
            stage.crowd().runFor(stage.windowSeconds());
            stage.results().putAll(stage.measurement().stop());
            feeds.forEach(Feed::stop);
            feeds.forEach(stage::drain);
        }
    }

    /**
     * The same through server-sent events: one channel with history, so that each event has its id,
     * and a backend that publishes.
     */
    record SaturatedEvents(int readers, int outstanding) implements Scenario {
        @Override
        public void run(Stage stage) throws IOException {
            Feed feed = new Feed("hist:bench", Saturated.DATUM_BYTES, stage.measurement());
            stage.crowd().open(stage.readersOf(feed, readers, Door.EVENTS), 0);
            stage.publisherOf(feed, Door.API);
            feed.saturate(outstanding);
            stage.crowd().runFor(stage.warmUpSeconds());
            stage.measurement().start();
            stage.crowd().runFor(stage.windowSeconds());
            stage.results().putAll(stage.measurement().stop());
            feed.stop();
            stage.drain(feed);
        }
    }

    /**
     * One channel at a steady rate that the server keeps up with: what a delivery costs, and how
     * late it comes.
     */
    record Paced(int readers, List<Integer> rates) implements Scenario {
        private static final int DATUM_BYTES = 128;

        @Override
        public void run(Stage stage) throws IOException {
            Feed feed = stage.feed("bench", DATUM_BYTES, readers);
            stage.pace(feed, rates.getLast(), stage.warmUpSeconds());
            stage.drain(feed);
            for (int rate : rates) {
                stage.measurement().start();
                stage.pace(feed, rate, stage.windowSeconds());
                stage.drain(feed);
                stage.measurement()
                        .stop()
                        .forEach((name, value) -> stage.result(name + "_at_" + rate, value));
            }
        }
    }

    /** What a connection weighs that does nothing: each is subscribed to a channel of its own. */
    record Idle(Door door, int connections, int warmUpConnections) implements Scenario {
        private static final int DATUM_BYTES = 128;
        private static final double SETTLE_SECONDS = 3;

        @Override
        public void run(Stage stage) throws IOException {
            List<Client> first = clients(stage, "warm", warmUpConnections);
            stage.crowd().open(first, 0);
            first.forEach(Client::close);
            stage.crowd().runFor(1);
            stage.memory("before");
            long before = stage.residentBytes();
            stage.crowd().open(clients(stage, "idle", connections), 0);
            stage.crowd().runFor(SETTLE_SECONDS);
            stage.memory("after");
            stage.result("kb_per_connection", (stage.residentBytes() - before) / 1e3 / connections);
        }

        private List<Client> clients(Stage stage, String prefix, int count) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Feed own = new Feed(prefix + i, DATUM_BYTES, stage.measurement());
                clients.add(stage.crowd().add(own, door));
            }
            return clients;
        }
    }
}
