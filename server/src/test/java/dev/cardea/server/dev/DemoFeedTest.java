package dev.cardea.server.dev;

import static dev.cardea.server.api.ApiServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cardea.messaging.api.ServerApi;
import dev.cardea.server.api.ApiServer;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DemoFeedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Simulation simulation = Simulation.seeded(new SplittableRandom().nextLong());

    // Without the namespace of the statistics: their sampler waits for loops in real time.
    private final SimulatedNode node =
            SimulatedNode.in(simulation)
                    .channels(ChannelSettings.of("feed_recover").history(1000, Duration.ofHours(1)))
                    .channels(ChannelSettings.of("feed_latest"))
                    .channels(ChannelSettings.of("feed_skip"))
                    .channels(ChannelSettings.of("feed_disconnect"))
                    .channels(ChannelSettings.of("feed_conflate"))
                    .start();

    private DemoFeed start() {
        return DemoFeed.start(
                node.node(),
                new ServerApi(node.node(), "here", () -> null),
                this::every,
                new SplittableRandom(1));
    }

    private Runnable every(Duration period, Runnable task) {
        AtomicBoolean ended = new AtomicBoolean();
        Runnable again =
                new Runnable() {
                    @Override
                    public void run() {
                        if (ended.get()) return;
                        task.run();
                        simulation.after(period, this);
                    }
                };
        simulation.after(period, again);
        return () -> ended.set(true);
    }

    private ScriptedClient subscribed(String channel) {
        ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
        client.subscribe(channel);
        return client;
    }

    @Test
    void ticksComeTwentyTimesASecondInOrderAndAreLarge() throws Exception {
        try (DemoFeed feed = start()) {
            assertThat(feed).isNotNull();
            for (String policy : List.of("recover", "latest", "skip", "disconnect")) {
                String channel = "feed_" + policy + ":ticks";
                ScriptedClient client = subscribed(channel);
                simulation.run(SECOND);
                List<Publication> ticks = client.publications(channel);
                assertThat(ticks).as("%s", simulation).hasSize(20);
                for (int i = 0; i < ticks.size(); i++) {
                    JsonNode tick = JSON.readTree(ticks.get(i).data().toUtf8());
                    assertThat(tick.get("seq").asLong()).isEqualTo(i + 1);
                    assertThat(tick.get("time").asLong())
                            .isCloseTo(simulation.unixMillis(), within(1000L));
                    assertThat(tick.get("price").asDouble()).isBetween(50.0, 200.0);
                    assertThat(ticks.get(i).data().length()).isBetween(8000, 8192);
                }
            }
        }
    }

    @Test
    void pricesTakeTurnsAndAreTaggedWithTheirSymbol() throws Exception {
        try (DemoFeed feed = start()) {
            assertThat(feed).isNotNull();
            ScriptedClient client = subscribed("feed_conflate:prices");
            simulation.run(SECOND);
            List<Publication> prices = client.publications("feed_conflate:prices");
            assertThat(prices).as("%s", simulation).hasSize(50);
            for (int i = 0; i < prices.size(); i++) {
                String symbol = Prices.SYMBOLS.get(i % 5);
                JsonNode price = JSON.readTree(prices.get(i).data().toUtf8());
                assertThat(price.get("symbol").asText()).isEqualTo(symbol);
                assertThat(price.get("price").asDouble()).isBetween(10.0, 800.0);
                assertThat(price.get("time").asLong()).isPositive();
                assertThat(prices.get(i).tags()).isEqualTo(Map.of("symbol", symbol));
            }
        }
    }

    @Test
    void nothingIsPublishedUntilSomebodyListens() {
        try (DemoFeed feed = start()) {
            assertThat(feed).isNotNull();
            simulation.run(Duration.ofMinutes(2));
            assertThat(node.node().counters().publications()).isZero();
        }
    }

    @Test
    void whoComesBackWithinAMinuteFindsWhatItMissed() {
        try (DemoFeed feed = start()) {
            assertThat(feed).isNotNull();
            ScriptedClient client = subscribed("feed_recover:ticks");
            simulation.run(SECOND);
            client.unsubscribe("feed_recover:ticks");
            simulation.run(Duration.ofSeconds(20));
            long atTwenty = node.node().counters().publications();
            assertThat(atTwenty).isBetween(410L, 420L);
            simulation.run(Duration.ofMinutes(1));
            long afterwards = node.node().counters().publications();
            assertThat(afterwards).isBetween(1200L, 1220L);
            simulation.run(Duration.ofMinutes(1));
            assertThat(node.node().counters().publications()).isEqualTo(afterwards);
        }
    }

    @Test
    void closingEndsAllFeeds() {
        DemoFeed feed = start();
        ScriptedClient client = subscribed("feed_skip:ticks");
        simulation.run(SECOND);
        feed.close();
        simulation.run(SECOND);
        assertThat(client.publications("feed_skip:ticks")).hasSize(20);
    }

    @Test
    void statisticsAreTheServersOwn() throws Exception {
        List<Runnable> tasks = new ArrayList<>();
        try (ApiServer server = ApiServer.withKey();
                CentrifugeSocket alice = server.connect("alice", "stats:server")) {
            DemoFeed feed =
                    DemoFeed.start(
                            server.node,
                            new ServerApi(server.node, "here", () -> null),
                            (period, task) -> {
                                assertThat(period).isEqualTo(Duration.ofMillis(250));
                                tasks.add(task);
                                return () -> tasks.remove(task);
                            });
            assertThat(tasks).hasSize(1); // there is no other feed's namespace
            tasks.getFirst().run();
            Push.Pub pub = (Push.Pub) alice.await(Reply.Pushed.class, SOON).push();
            JsonNode stats = JSON.readTree(pub.publication().data().toUtf8());
            assertThat(stats.get("time").asLong()).isPositive();
            assertThat(stats.get("connections").asLong()).isEqualTo(1);
            assertThat(stats.get("subscriptions").asLong()).isEqualTo(1);
            assertThat(stats.get("publications_per_second").asDouble()).isZero();
            assertThat(stats.get("deliveries_per_second").asDouble()).isZero();
            assertThat(stats.get("pending_bytes").asLong()).isZero();
            assertThat(stats.get("lapped").toString())
                    .isEqualTo("{\"recover\":0,\"latest\":0,\"skip\":0,\"disconnect\":0}");
            assertThat(stats.get("heap_bytes").asLong()).isPositive();
            assertThat(stats.get("cpu").asDouble()).isBetween(0.0, 1.0);
            feed.close();
            assertThat(tasks).isEmpty();
        }
    }
}
