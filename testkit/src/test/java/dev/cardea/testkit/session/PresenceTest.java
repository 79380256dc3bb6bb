package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class PresenceTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node() {
        return setup.node()
                .channels(ChannelSettings.of("").presence().joinLeave().forcePushJoinLeave())
                .channels(ChannelSettings.of("asked").presence().joinLeave())
                .channels(ChannelSettings.of("hidden").joinLeave().subscribeOnly())
                .channels(
                        ChannelSettings.of("stream")
                                .joinLeave()
                                .forcePushJoinLeave()
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery())
                .start();
    }

    private ScriptedClient user(SimulatedNode node, String name) {
        ScriptedClient client = node.client(setup.encoding);
        client.connect("user:" + name);
        return client;
    }

    private static Map<String, ClientInfo> presence(SimulatedNode node, String channel) {
        return node.await(node.broker().presence(channel));
    }

    @Test
    void presenceIsRenewedForAsLongAsTheSubscriptionLasts() {
        SimulatedNode node = node();
        ScriptedClient anna = user(node, "anna");
        anna.subscribe("news");

        node.simulation().run(Duration.ofMinutes(5));
        assertThat(presence(node, "news")).hasSize(1);
        anna.unsubscribe("news");
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(presence(node, "news")).isEmpty();
    }

    @Test
    void aSubscriberSeesItselfJoinAndOthersComeAndGo() {
        SimulatedNode node = node();
        ScriptedClient anna = user(node, "anna");
        anna.subscribe("news");
        node.simulation().run(Duration.ofSeconds(1));
        ScriptedClient bert = user(node, "bert");
        bert.subscribe("news");
        node.simulation().run(Duration.ofSeconds(1));
        bert.unsubscribe("news");
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(anna.pushes())
                .containsExactly(
                        new Push.Join("news", info(anna, "anna")),
                        new Push.Join("news", info(bert, "bert")),
                        new Push.Leave("news", info(bert, "bert")));
        assertThat(bert.pushes()).containsExactly(new Push.Join("news", info(bert, "bert")));
    }

    private static ClientInfo info(ScriptedClient client, String user) {
        return new ClientInfo(user, client.session().client(), Bytes.EMPTY, Bytes.EMPTY);
    }

    @Test
    void whoseConnectionBreaksLeavesToo() {
        SimulatedNode node = node();
        ScriptedClient anna = user(node, "anna");
        anna.subscribe("news");
        node.simulation().run(Duration.ofSeconds(1));
        ScriptedClient bert = user(node, "bert");
        bert.subscribe("news");
        node.simulation().run(Duration.ofSeconds(1));
        bert.cut();
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(anna.pushes().getLast()).isEqualTo(new Push.Leave("news", info(bert, "bert")));
        assertThat(presence(node, "news")).hasSize(1);
    }

    @Test
    void joinsAndLeavesArePushedToThoseOnlyWhoAskForThem() {
        SimulatedNode node = node();
        ScriptedClient asks = user(node, "anna");
        asks.subscribe(asking("asked:a"));
        ScriptedClient doesNot = user(node, "bert");
        doesNot.subscribe("asked:a");
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(asks.pushes()).hasSize(2);
        assertThat(doesNot.pushes()).isEmpty();
    }

    @Test
    void askingForJoinsIsOfNoUseToWhoMayNotSeePresence() {
        SimulatedNode node = node();
        ScriptedClient asks = user(node, "anna");
        asks.subscribe(asking("hidden:a"));
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(asks.pushes()).isEmpty();
    }

    private static SubscribeRequest asking(String channel) {
        return new SubscribeRequest(
                channel, "", false, "", 0, Bytes.EMPTY, false, false, true, "", null, 0, 0);
    }

    @Test
    void joinsKeepTheirPlaceAmongPublicationsAndTakeNoOffset() {
        SimulatedNode node = node();
        ScriptedClient anna = user(node, "anna");
        anna.subscribe("stream:a");
        node.simulation().run(Duration.ofSeconds(1));
        node.publish("stream:a", "1");
        ScriptedClient bert = user(node, "bert");
        bert.subscribe("stream:a");
        node.simulation().run(Duration.ofSeconds(1));
        node.publish("stream:a", "2");

        assertThat(anna.pushes())
                .extracting(Object::getClass)
                .extracting(Class::getSimpleName)
                .containsExactly("Join", "Pub", "Join", "Pub");
        assertThat(anna.publications("stream:a"))
                .extracting(p -> p.offset())
                .containsExactly(1L, 2L);
    }

    @Test
    void joinsPushNothingOutOfHistory() {
        SimulatedNode node = node();
        node.publish("stream:a", "1");
        for (int i = 0; i < 30; i++) {
            ScriptedClient client = user(node, "u" + i);
            client.subscribe("stream:a");
            client.unsubscribe("stream:a");
        }

        assertThat(user(node, "anna").recover("stream:a", "", 0).publications()).hasSize(1);
    }

    // ---- gathered ----

    private SimulatedNode gathering() {
        return setup.node()
                .channels(
                        ChannelSettings.of("room")
                                .presence()
                                .joinLeave()
                                .forcePushJoinLeave()
                                .joinLeaveInterval(Duration.ofSeconds(2)))
                .start();
    }

    private static Duration overTheInterval() {
        return Duration.ofSeconds(4); // with the broker's delays
    }

    @Test
    void aStormOfJoinsIsAFewMessages() {
        SimulatedNode node = gathering();
        ScriptedClient anna = user(node, "anna");
        anna.subscribe("room:a");
        node.simulation().run(overTheInterval());
        anna.forget();
        long before = anna.outlet().messages();

        for (int i = 0; i < 300; i++) {
            ScriptedClient guest = user(node, "u" + i);
            guest.tell(id -> new Command.Subscribe(id, SubscribeRequest.to("room:a")));
        }
        node.simulation().run(overTheInterval());

        assertThat(anna.pushes())
                .hasSize(300)
                .allSatisfy(push -> assertThat(push).isInstanceOf(Push.Join.class))
                .extracting(push -> ((Push.Join) push).info().client())
                .doesNotHaveDuplicates();
        // Two loops gather, and up to 128 joins are one message.
        assertThat(anna.outlet().messages() - before).isBetween(2L, 6L);
    }

    @Test
    void whoComesAndGoesWithinTheIntervalIsNotMentioned() {
        SimulatedNode node = gathering();
        ScriptedClient anna = user(node, "anna");
        anna.subscribe("room:a");
        node.simulation().run(overTheInterval());
        ScriptedClient stays = user(node, "bert");
        ScriptedClient passes = user(node, "carl");
        anna.forget();

        stays.subscribe("room:a");
        passes.subscribe("room:a");
        passes.cut();
        node.simulation().run(overTheInterval());

        assertThat(anna.pushes()).containsExactly(new Push.Join("room:a", info(stays, "bert")));
    }

    @Test
    void whoGoesAndComesBackWithinTheIntervalWasThereAllTheTime() {
        SimulatedNode node = gathering();
        ScriptedClient anna = user(node, "anna");
        ScriptedClient bert = user(node, "bert");
        anna.subscribe("room:a");
        bert.subscribe("room:a");
        node.simulation().run(overTheInterval());
        anna.forget();

        bert.unsubscribe("room:a");
        bert.subscribe("room:a");
        node.simulation().run(overTheInterval());
        assertThat(anna.pushes()).isEmpty();
        bert.cut();
        node.simulation().run(overTheInterval());

        assertThat(anna.pushes()).containsExactly(new Push.Leave("room:a", info(bert, "bert")));
    }

    @Test
    void whatIsGatheredKeepsItsOrderAndWaitsForTheIntervalOnly() {
        SimulatedNode node = gathering();
        ScriptedClient anna = user(node, "anna");
        anna.subscribe("room:a");
        node.simulation().run(Duration.ofMillis(1500));
        assertThat(anna.pushes()).isEmpty(); // its own join, too
        node.simulation().run(overTheInterval());
        assertThat(anna.pushes()).containsExactly(new Push.Join("room:a", info(anna, "anna")));
        assertThat(presence(node, "room:a")).hasSize(1);
    }
}
