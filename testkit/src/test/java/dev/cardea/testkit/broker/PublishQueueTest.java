package dev.cardea.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.PublishQueue;
import dev.cardea.messaging.broker.PublishQueue.Limit;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.FaultyBroker;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PublishQueueTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Simulation simulation = Simulation.seeded(11);
    private final AtomicInteger keys = new AtomicInteger();
    private final SimulatedNode node;
    private FaultyBroker faulty;
    private PublishQueue queue;

    @SuppressWarnings("NullAway.Init") // when the node is made
    PublishQueueTest() {
        node = node();
    }

    private SimulatedNode node() {
        return SimulatedNode.in(simulation)
                .broker(behind -> {
                    faulty = new FaultyBroker(behind, simulation);
                    queue =
                            new PublishQueue(
                                    faulty,
                                    namespace ->
                                            namespace.equals("kept")
                                                    ? new Limit(
                                                            20, Duration.ofSeconds(10).toNanos())
                                                    : Limit.NONE,
                                    () -> "key" + keys.incrementAndGet(),
                                    simulation::nowNanos);
                    return queue;
                })
                .channels(ChannelSettings.of("").history(100, Duration.ofMinutes(5)))
                .channels(ChannelSettings.of("kept").history(100, Duration.ofMinutes(5)))
                .start();
    }

    private List<CompletableFuture<?>> publish(String channel, int from, int to) {
        List<CompletableFuture<?>> published = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            published.add(
                    node.publishLater(
                                    channel,
                                    Publication.of(Bytes.utf8("" + i)),
                                    PublishOptions.NONE)
                            .toCompletableFuture());
            simulation.run(Duration.ofMillis(100)); // a publisher that waits, and gives up
        }
        return published;
    }

    private void untilDone(List<CompletableFuture<?>> all) {
        simulation.runUntil(
                () -> {
                    queue.tick();
                    simulation.run(Duration.ofMillis(500));
                    return all.stream().allMatch(CompletableFuture::isDone);
                },
                Duration.ofMinutes(2));
    }

    @Test
    void whatIsPublishedWhileTheBrokerIsAwayArrivesOnceAndInOrderWhenItIsBack() {
        ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
        client.subscribe("kept:news");
        faulty.fail(1); // half of them take effect all the same
        List<CompletableFuture<?>> published = publish("kept:news", 1, 20);
        queue.tick();
        simulation.run(SOON);
        assertThat(published).noneMatch(CompletableFuture::isDone);
        faulty.fail(0.3);
        untilDone(published);
        faulty.fail(0);
        published.addAll(publish("kept:news", 21, 22));
        untilDone(published);
        assertThat(published).noneMatch(CompletableFuture::isCompletedExceptionally);
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= 22; i++) all.add("" + i);
        assertThat(client.data("kept:news")).isEqualTo(all);
    }

    @Test
    void whatDoesNotFitAndWhatHasWaitedTooLongIsRefused() {
        faulty.fail(1);
        List<CompletableFuture<?>> published = publish("kept:news", 1, 23);
        assertThat(published.subList(0, 20)).noneMatch(CompletableFuture::isDone);
        assertThat(published.subList(20, 23)).allMatch(CompletableFuture::isCompletedExceptionally);
        simulation.run(Duration.ofSeconds(10));
        queue.tick();
        assertThat(published).allMatch(CompletableFuture::isCompletedExceptionally);
        // and there is room again
        assertThat(publish("kept:news", 24, 24)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void whereTheNamespaceDoesNotSaySoItIsRefusedAtOnce() {
        faulty.fail(1);
        assertThat(publish("news", 1, 3)).allMatch(CompletableFuture::isCompletedExceptionally);
    }
}
