package dev.cardea.server.dev;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.api.ServerApi;
import dev.cardea.messaging.hub.Channel;
import dev.cardea.messaging.session.Node;
import dev.cardea.server.metrics.StatsSampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes for the demo pages: the server's own numbers, the ticks that stopped readers are shown
 * with, and prices. Each feed runs while somebody listens, so that an idle server stays idle.
 */
public final class DemoFeed implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DemoFeed.class);

    private static final Duration STATS_PERIOD = Duration.ofMillis(250);
    private static final Duration TICK_PERIOD = Duration.ofMillis(50);
    private static final Duration PRICE_PERIOD = Duration.ofMillis(20);

    /**
     * A feed goes on for so long after its last reader has left. A reader that is unsubscribed or
     * disconnected as too slow is to find something to recover.
     */
    private static final long LINGER_MILLIS = 60_000;

    private final Node node;
    private final ServerApi api;
    private final List<Runnable> ends = new ArrayList<>();

    private DemoFeed(Node node, ServerApi api) {
        this.node = node;
        this.api = api;
    }

    /**
     * Starts the feeds of those channels whose namespaces are configured.
     *
     * @param timer its tasks publish, and never block
     */
    public static DemoFeed start(Node node, ServerApi api, FeedTimer timer) {
        return start(node, api, timer, new SplittableRandom());
    }

    static DemoFeed start(Node node, ServerApi api, FeedTimer timer, SplittableRandom random) {
        DemoFeed feeds = new DemoFeed(node, api);
        StatsSampler sampler = new StatsSampler(node);
        feeds.run(
                timer,
                STATS_PERIOD,
                "stats:server",
                publish ->
                        sampler.sample()
                                .thenAccept(stats -> publish.accept(DemoMessages.stats(stats))));
        for (String policy : new String[] {"recover", "latest", "skip", "disconnect"}) {
            Ticks ticks = new Ticks(random.split(), node.unixMillis());
            feeds.run(
                    timer,
                    TICK_PERIOD,
                    "feed_" + policy + ":ticks",
                    publish -> publish.accept(ticks.next()));
        }
        Prices prices = new Prices(random.split(), node.unixMillis());
        feeds.run(
                timer,
                PRICE_PERIOD,
                "feed_conflate:prices",
                publish -> publish.accept(prices.next()));
        return feeds;
    }

    private void run(
            FeedTimer timer,
            Duration period,
            String channel,
            Consumer<Consumer<ApiRequest.Message>> next) {
        if (node.namespaces().of(channel) == null) {
            log.info("demo feed has no namespace channel={}", channel);
            return;
        }
        Listeners listeners = new Listeners(channel);
        Consumer<ApiRequest.Message> publish =
                message -> {
                    var _ = api.call(new ApiRequest.Publish(channel, message));
                };
        ends.add(
                timer.every(
                        period,
                        () -> {
                            try {
                                if (listeners.areThere()) next.accept(publish);
                            } catch (RuntimeException e) {
                                // a timer forgets a task that throws
                                log.error("demo feed failed channel={}", channel, e);
                            }
                        }));
    }

    /** Whether anybody listens to a channel, or did a moment ago. */
    private final class Listeners {
        private final String channel;
        private long untilMillis = Long.MIN_VALUE;

        Listeners(String channel) {
            this.channel = channel;
        }

        boolean areThere() {
            long nowMillis = node.unixMillis().getAsLong();
            Channel known = node.hub().find(channel);
            if (known != null && known.subscribers() > 0) untilMillis = nowMillis + LINGER_MILLIS;
            return nowMillis < untilMillis;
        }
    }

    /** Ends all feeds. */
    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
