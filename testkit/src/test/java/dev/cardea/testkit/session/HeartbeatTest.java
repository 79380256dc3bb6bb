package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class HeartbeatTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    @Test
    void whoAnswersPingsStays() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected();

        node.simulation().run(Duration.ofMinutes(5));

        assertThat(client.closed()).isNull();
        assertThat(pings(client)).isBetween(11L, 13L);
    }

    @Test
    void theFirstPingComesAfterHalfAnIntervalToAWholeOneByChance() {
        Set<Long> firsts = new HashSet<>();
        SimulatedNode node = setup.node().start();
        for (int i = 0; i < 20; i++) {
            ScriptedClient client = node.client(setup.encoding).connected();
            long connected = node.simulation().nowNanos();
            node.simulation().runUntil(() -> pings(client) == 1, Duration.ofSeconds(26));
            firsts.add((node.simulation().nowNanos() - connected) / 1_000_000_000);
        }

        assertThat(firsts).hasSizeGreaterThan(5);
        assertThat(firsts).allMatch(seconds -> seconds >= 12 && seconds <= 25);
    }

    @Test
    void whoDoesNotAnswerIsDisconnectedInTime() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected().answersPings(false);
        node.simulation().runUntil(() -> pings(client) == 1, Duration.ofSeconds(26));

        node.simulation().run(Duration.ofMillis(7_900));
        assertThat(client.closed()).isNull();
        node.simulation().run(Duration.ofMillis(200));

        assertThat(client.closeCode()).isEqualTo(3012);
    }

    @Test
    void aPongThatNobodyAskedForEndsTheConnection() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        client.pong();
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void aSecondPongEndsTheConnection() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected();
        node.simulation().runUntil(() -> pings(client) == 1, Duration.ofSeconds(26));
        node.simulation().run();
        client.pong();
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void aCommandWithoutAnIdIsTakenForAPong() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected().answersPings(false);
        node.simulation().runUntil(() -> pings(client) == 1, Duration.ofSeconds(26));
        client.send(new Command.Rpc(0, "m", Bytes.utf8("{}")));

        node.simulation().run(Duration.ofSeconds(10));

        assertThat(client.closed()).isNull();
    }

    @Test
    void withoutAnIntervalThereAreNoPings() {
        SimulatedNode node =
                setup.node().client(new ClientSettings().pingInterval(Duration.ZERO)).start();
        ScriptedClient client = node.client(setup.encoding);

        assertThat(client.connect("").pong()).isFalse();
        node.simulation().run(Duration.ofMinutes(2));

        assertThat(pings(client)).isZero();
        assertThat(client.closed()).isNull();
    }

    @Test
    void theTimeForAPongRunsFromWhenThePingHasLeft() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected().answersPings(false);
        client.subscribe("patient");
        client.stall();
        node.publish("patient", "{}"); // stands in the way of the ping from now on
        node.simulation().run(Duration.ofSeconds(15));
        client.take(1); // it isn't dead
        node.simulation().run(Duration.ofSeconds(20));
        assertThat(pings(client)).isZero();

        client.resume();
        assertThat(pings(client)).isEqualTo(1);
        node.simulation().run(Duration.ofMillis(7_900));
        assertThat(client.closed()).isNull();
        node.simulation().run(Duration.ofMillis(200));

        assertThat(client.closeCode()).isEqualTo(3012);
    }

    @Test
    void pingsNeverWaitTwice() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("patient");
        client.stall();
        node.publish("patient", "{}");
        for (int i = 0; i < 12; i++) {
            node.simulation().run(Duration.ofSeconds(10));
            client.take(1);
        }

        client.resume();

        assertThat(pings(client)).isEqualTo(1);
        assertThat(client.closed()).isNull();
    }

    @Test
    void aClientThatWaitsForAnAnswerMayStillAnswerPings() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding);
        client.connect("user:anna");
        node.simulation().runUntil(() -> pings(client) == 1, Duration.ofSeconds(26));
        node.simulation().run(Duration.ofSeconds(20));
        node.authenticator().hold();
        int id = client.tell(i -> new Command.Refresh(i, "user:anna"));

        node.simulation().run(Duration.ofSeconds(20));
        assertThat(pings(client)).isEqualTo(2);
        node.authenticator().letGo();

        assertThat(client.answer(id)).isInstanceOf(Reply.Refresh.class);
        assertThat(client.closed()).isNull();
    }

    @Test
    void aCommandThatIsNeverAnsweredEndsTheConnection() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected();
        node.authenticator().hold();
        client.tell(id -> new Command.Refresh(id, "user:anna"));

        node.simulation().run(Duration.ofMillis(29_900));
        assertThat(client.closed()).isNull();
        node.simulation().run(Duration.ofMillis(200));

        assertThat(client.closeCode()).isEqualTo(3004);
    }

    @Test
    void onlyOneTimerIsSetForAConnection() {
        Simulation simulation = Simulation.seeded(1);
        SimulatedNode node = setup.node(simulation).start();
        int before = timers(simulation);
        ScriptedClient client = node.client(setup.encoding).connected();
        for (int i = 0; i < 20; i++) client.subscribe("c" + i);
        assertThat(timers(simulation) - before).isEqualTo(1);

        client.cut();
        simulation.run();

        assertThat(timers(simulation)).isEqualTo(before);
    }

    private static int timers(Simulation simulation) {
        return simulation.loops().stream().mapToInt(loop -> loop.shard().timers().count()).sum();
    }

    private static long pings(ScriptedClient client) {
        return client.heard().stream().filter(Reply.Ping.class::isInstance).count();
    }

    static long count(ScriptedClient client, Class<? extends Push> kind) {
        return client.pushes().stream().filter(kind::isInstance).count();
    }
}
