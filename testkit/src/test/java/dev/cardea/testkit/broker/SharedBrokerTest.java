package dev.cardea.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Two nodes, one broker. */
class SharedBrokerTest {
    private final Simulation simulation = Simulation.seeded(7);
    private final SharedBroker shared = newSharedBroker(simulation);
    private final SimulatedNode first = node("first", Runnable::run);
    private final SimulatedNode second = node("second", Runnable::run);

    static SharedBroker newSharedBroker(Simulation simulation) {
        int[] epochs = new int[1];
        return new SharedBroker(
                simulation::nowNanos, () -> "epoch" + ++epochs[0], SimulatedNode.PRESENCE_TTL);
    }

    private SimulatedNode node(String id, Executor way) {
        return SimulatedNode.in(simulation)
                .id(id)
                .loops(2)
                .brokerOf(hub -> shared.of(hub, way))
                .channels(
                        ChannelSettings.of("")
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery()
                                .presence()
                                .joinLeave()
                                .forcePushJoinLeave())
                .channels(ChannelSettings.of("live"))
                .start();
    }

    private static ScriptedClient connected(SimulatedNode node) {
        return node.client(SimulatedEncoding.JSON).connected();
    }

    @Test
    void whatOneNodePublishesArrivesOnBothInOneOrder() {
        ScriptedClient here = connected(first);
        ScriptedClient there = connected(second);
        SubscribeResult atHere = here.subscribe("news");
        assertThat(there.subscribe("news").epoch()).isEqualTo(atHere.epoch());
        for (int i = 1; i <= 4; i += 2) {
            first.publish("news", "" + i);
            second.publish("news", "" + (i + 1));
        }
        assertThat(here.data("news")).containsExactly("1", "2", "3", "4");
        assertThat(there.publications("news"))
                .isEqualTo(here.publications("news"))
                .extracting(Publication::offset)
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void withoutHistoryItArrivesToo() {
        ScriptedClient there = connected(second);
        there.subscribe("live:x");
        first.publish("live:x", "1");
        assertThat(there.publications("live:x"))
                .extracting(Publication::offset)
                .containsExactly(0L);
    }

    @Test
    void aClientRecoversOnTheOtherNodeWhatItMissed() {
        ScriptedClient here = connected(first);
        SubscribeResult at = here.subscribe("news");
        first.publish("news", "1");
        here.onSession(session -> session.disconnect(Disconnect.SHUTDOWN));
        first.publish("news", "2");
        second.publish("news", "3");

        SubscribeResult back = connected(second).recover("news", at.epoch(), 1);
        assertThat(back.recovered()).isTrue();
        assertThat(back.publications())
                .extracting(p -> p.data().toUtf8())
                .containsExactly("2", "3");
    }

    @Test
    void aNodeThatNobodyReadsOnAnyMoreBeginsAnewAtTheTop() {
        ScriptedClient there = connected(second);
        there.subscribe("news");
        second.publish("news", "1");
        there.unsubscribe("news");
        assertThat(second.hub().find("news")).as("a replica that nobody needs").isNull();
        first.publish("news", "2");
        SubscribeResult again = there.subscribe("news");
        assertThat(again.offset()).isEqualTo(2);
        first.publish("news", "3");
        assertThat(there.data("news")).containsExactly("1", "3");
    }

    @Test
    void presenceIsOneForBothAndEachHearsOfTheOther() {
        ScriptedClient here = connected(first);
        here.subscribe("news");
        ScriptedClient there = connected(second);
        there.subscribe("news");
        assertThat(first.await(first.broker().presence("news")).keySet())
                .isEqualTo(second.await(second.broker().presence("news")).keySet())
                .hasSize(2);
        there.unsubscribe("news");
        simulation.run();
        assertThat(here.pushes())
                .filteredOn(push -> push instanceof Push.Join || push instanceof Push.Leave)
                .extracting(SharedBrokerTest::who)
                .contains("join " + there.session().client(), "leave " + there.session().client());
    }

    private static String who(Push push) {
        return switch (push) {
            case Push.Join(_, ClientInfo info) -> "join " + info.client();
            case Push.Leave(_, ClientInfo info) -> "leave " + info.client();
            default -> throw new AssertionError(push);
        };
    }

    @Test
    void anIdempotencyKeyIsOneForBoth() {
        ScriptedClient there = connected(second);
        there.subscribe("news");
        PublishOptions once = new PublishOptions("key", false, 0, "");
        Publication publication = Publication.of(Bytes.utf8("1"));
        assertThat(first.publish("news", publication, once))
                .isEqualTo(second.publish("news", publication, once));
        assertThat(there.data("news")).containsExactly("1");
    }

    @Test
    void aVersionThatIsNoNewsArrivesNowhere() {
        ScriptedClient there = connected(second);
        there.subscribe("news");
        Publication publication = Publication.of(Bytes.utf8("1"));
        first.publish("news", publication, new PublishOptions("", false, 5, ""));
        second.publish("news", publication, new PublishOptions("", false, 5, ""));
        assertThat(there.data("news")).containsExactly("1");
    }

    @Test
    void aReplicaThatLagsGivesNothingTwiceToWhoRecoveredMore() {
        List<Runnable> onTheWay = new ArrayList<>();
        SimulatedNode far = node("far", onTheWay::add);
        ScriptedClient early = connected(far);
        SubscribeResult at = early.subscribe("news");
        first.publish("news", "1");
        first.publish("news", "2");
        ScriptedClient late = connected(far);
        assertThat(late.recover("news", at.epoch(), 0).publications()).hasSize(2);
        assertThat(early.data("news")).isEmpty();

        first.publish("news", "3");
        arrive(onTheWay);
        assertThat(early.data("news")).containsExactly("1", "2", "3");
        assertThat(late.data("news")).containsExactly("3");
    }

    @Test
    void aGapIsNeverPassedOverButRecovered() {
        List<Runnable> onTheWay = new ArrayList<>();
        SimulatedNode far = node("far", onTheWay::add);
        ScriptedClient client = connected(far);
        SubscribeResult at = client.subscribe("news");
        first.publish("news", "1");
        arrive(onTheWay);
        first.publish("news", "2");
        onTheWay.clear(); // lost
        first.publish("news", "3");
        arrive(onTheWay);
        assertThat(client.data("news")).containsExactly("1");
        assertThat(client.pushes())
                .contains(new Push.Unsubscribe("news", 2500, "insufficient state"));
        SubscribeResult back = client.recover("news", at.epoch(), 1);
        assertThat(back.recovered()).isTrue();
        assertThat(back.publications())
                .extracting(p -> p.data().toUtf8())
                .containsExactly("2", "3");
        first.publish("news", "4");
        arrive(onTheWay);
        assertThat(client.data("news")).containsExactly("1", "4");
    }

    @Test
    void aStreamThatBeginsAnewIsNotTakenForTheOldOne() {
        ScriptedClient client = connected(second);
        SubscribeResult at = client.subscribe("news");
        first.publish("news", "1");
        shared.lose("news");
        first.publish("news", "of another life");
        assertThat(client.data("news")).containsExactly("1");
        SubscribeResult back = client.recover("news", at.epoch(), 1);
        assertThat(back.recovered()).isFalse();
        assertThat(back.epoch()).isNotEqualTo(at.epoch());
    }

    private void arrive(List<Runnable> onTheWay) {
        List.copyOf(onTheWay).forEach(Runnable::run);
        onTheWay.clear();
        simulation.run();
    }
}
