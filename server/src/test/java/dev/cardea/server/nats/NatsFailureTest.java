package dev.cardea.server.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.server.nodes.Nodes;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** NATS dies, and comes back with all, with nothing, or not at all where there are others. */
@Timeout(120)
class NatsFailureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Simulation simulation = Simulation.live(4);
    private final Nodes nodes = Configured.nodes(simulation);

    @AfterEach
    void closeAll() {
        nodes.close();
    }

    private boolean isPublished(SimulatedNode node, int number) {
        CompletableFuture<?> published =
                node.publishLater(
                                "news",
                                Publication.of(Bytes.utf8("" + number)),
                                // tried again until it is known to be there, and there once
                                new PublishOptions("key" + number, false, 0, ""))
                        .toCompletableFuture();
        simulation.runUntil(published::isDone, PATIENCE);
        return !published.isCompletedExceptionally();
    }

    private void publishUntilThere(SimulatedNode node, int number) {
        long startNanos = System.nanoTime();
        while (!isPublished(node, number))
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(PATIENCE);
    }

    /** Tries again after a temporary error, as SDKs do: a stream that elects a leader has none. */
    private static SubscribeResult subscribeUntilThere(
            ScriptedClient client, SubscribeRequest request) {
        long startNanos = System.nanoTime();
        while (true) {
            switch (client.ask(id -> new Command.Subscribe(id, request))) {
                case Reply.Subscribe(_, SubscribeResult result) -> {
                    return result;
                }
                case Reply.Error error when error.temporary() ->
                        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                                .isLessThan(PATIENCE);
                case Reply.Answer other -> throw new AssertionError("not subscribed: " + other);
            }
        }
    }

    private static List<String> numbersTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
    }

    private void awaitUnreachable() {
        simulation.runUntil(
                () -> nodes.brokers().stream().noneMatch(NodeBroker::isReachable), PATIENCE);
    }

    private void awaitReachable() {
        simulation.runUntil(nodes::areReachable, PATIENCE);
    }

    @Test
    void aNatsThatComesBackWithWhatItStoredGoesOn() {
        try (NatsServer nats = NatsServer.start()) {
            String settings = "url: '" + nats.url() + "'";
            SimulatedNode first = nodes.node("first", settings);
            SimulatedNode second = nodes.node("second", settings);
            ScriptedClient client = second.client(SimulatedEncoding.JSON).connected();
            SubscribeResult at = client.subscribe("news");
            for (int i = 1; i <= 20; i++) first.publish("news", "" + i);
            simulation.runUntil(() -> client.data("news").size() == 20, PATIENCE);

            nats.kill();
            awaitUnreachable();
            assertThat(isPublished(first, 21)).isFalse();
            assertThat(client.closed()).isNull();
            nats.restart();
            awaitReachable();
            for (int i = 21; i <= 30; i++) assertThat(isPublished(first, i)).isTrue();
            simulation.runUntil(() -> client.data("news").size() >= 30, PATIENCE);
            assertThat(client.data("news")).isEqualTo(numbersTo(30));
            assertThat(client.pushes()).noneMatch(push -> push instanceof Push.Unsubscribe);
            ScriptedClient late = first.client(SimulatedEncoding.JSON).connected();
            SubscribeResult back = late.recover("news", at.epoch(), at.offset());
            assertThat(back.recovered()).isTrue();
            assertThat(back.publications()).hasSize(30);
        }
    }

    @Test
    void aNatsThatComesBackEmptyIsAnotherOneAndClientsAreTold() {
        try (NatsServer nats = NatsServer.start()) {
            String settings = "url: '" + nats.url() + "'";
            SimulatedNode first = nodes.node("first", settings);
            SimulatedNode second = nodes.node("second", settings);
            ScriptedClient client = second.client(SimulatedEncoding.JSON).connected();
            SubscribeResult at = client.subscribe("news");
            for (int i = 1; i <= 3; i++) first.publish("news", "" + i);
            simulation.runUntil(() -> client.data("news").size() == 3, PATIENCE);

            nats.kill();
            awaitUnreachable();
            nats.empty();
            nats.restart();
            awaitReachable();
            for (int i = 1; i <= 5; i++) first.publish("news", "-" + i);
            simulation.runUntil(
                    () -> client.pushes().stream().anyMatch(p -> p instanceof Push.Unsubscribe),
                    PATIENCE);
            assertThat(client.data("news")).containsExactly("1", "2", "3");
            SubscribeResult back = client.recover("news", at.epoch(), 3);
            assertThat(back.recovered()).isFalse();
            assertThat(back.epoch()).isNotEqualTo(at.epoch());
            first.publish("news", "4");
            simulation.runUntil(() -> client.data("news").contains("4"), PATIENCE);
        }
    }

    @Test
    void aMemberOfAClusterIsKilledUnderLoadAndNothingIsLostOrTwice() {
        List<NatsServer> servers = NatsServer.cluster();
        try {
            String urls = servers.stream().map(NatsServer::url).collect(Collectors.joining(","));
            String settings = "replicas: 3, url: '" + urls + "'";
            List<SimulatedNode> three = new ArrayList<>();
            for (int i = 0; i < 3; i++) three.add(nodes.node("node" + i, settings));
            awaitReachable();
            List<ScriptedClient> clients = new ArrayList<>();
            publishUntilThere(three.getFirst(), 1); // who leads?
            int from = 1;
            List<SubscribeResult> subscribed = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                ScriptedClient client = three.get(i % 3).client(SimulatedEncoding.JSON).connected();
                subscribed.add(subscribeUntilThere(client, SubscribeRequest.to("news")));
                clients.add(client);
            }
            SubscribeResult at = subscribed.getFirst();
            int last = from;
            for (int victim = 0; victim < 2; victim++) {
                for (int i = 0; i < 150; i++) {
                    if (i == 50) servers.get(victim).kill();
                    int number = ++last;
                    publishUntilThere(three.get(number % 3), number);
                }
                servers.get(victim).restart();
                awaitReachable();
            }
            List<String> all = numbersTo(last).subList(from, last);
            for (ScriptedClient client : clients) {
                simulation.runUntil(() -> client.data("news").size() >= all.size(), PATIENCE);
                assertThat(client.data("news")).isEqualTo(all);
                assertThat(client.closed()).isNull();
            }
            ScriptedClient late = three.getLast().client(SimulatedEncoding.JSON).connected();
            SubscribeResult back =
                    subscribeUntilThere(
                            late, ScriptedClient.recoverRequest("news", at.epoch(), at.offset()));
            assertThat(back.recovered()).isTrue();
            assertThat(back.publications()).hasSize(all.size());
        } finally {
            closeAll();
            servers.forEach(NatsServer::close);
        }
    }
}
