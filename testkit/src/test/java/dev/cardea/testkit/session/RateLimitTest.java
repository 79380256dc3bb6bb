package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.limit.Bucket;
import dev.cardea.messaging.limit.LimitPlan;
import dev.cardea.messaging.limit.Operation;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class RateLimitTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private static List<Bucket> inAMinute(int rate) {
        return List.of(new Bucket(Duration.ofMinutes(1).toNanos(), rate));
    }

    private static LimitPlan publishes(int rate) {
        return LimitPlan.builder().operation(Operation.PUBLISH, inAMinute(rate)).build();
    }

    private SimulatedNode node(
            @Nullable LimitPlan connection,
            @Nullable LimitPlan user,
            @Nullable LimitPlan channel,
            List<Bucket> errors) {
        return setup.node()
                .limits(new RateLimits(connection, user, channel, errors, null))
                .channels(ChannelSettings.of("chat"))
                .start();
    }

    private ScriptedClient user(SimulatedNode node, String name) {
        ScriptedClient client = node.client(setup.encoding);
        client.connect("user:" + name);
        return client;
    }

    @Test
    void aConnectionMayPublishSoOftenAndIsTold() {
        SimulatedNode node = node(publishes(2), null, null, List.of());
        ScriptedClient anna = user(node, "anna");
        ScriptedClient other = user(node, "anna");

        assertThat(error(anna.publish("a", "1"))).isZero();
        assertThat(error(anna.publish("b", "2"))).isZero();
        Reply third = anna.publish("a", "3");
        assertThat(error(third)).isEqualTo(111);
        assertThat(((Reply.Error) third).temporary()).isTrue();
        assertThat(error(other.publish("a", "4"))).isZero();
        assertThat(error(anna.ask(id -> new Command.Presence(id, "a")))).isEqualTo(108);

        node.simulation().run(Duration.ofSeconds(31));
        assertThat(error(anna.publish("a", "5"))).isZero();
        assertThat(anna.closed()).isNull();
    }

    /** Each command, as it may be given twice. */
    private static Command command(Operation operation, int id) {
        return switch (operation) {
            case SUBSCRIBE -> new Command.Subscribe(id, SubscribeRequest.to("new"));
            case UNSUBSCRIBE -> new Command.Unsubscribe(id, "b");
            case PUBLISH -> ScriptedClient.publishCommand(id, "a", "1");
            case HISTORY -> new Command.History(id, "a", 1, null, false);
            case PRESENCE -> new Command.Presence(id, "a");
            case PRESENCE_STATS -> new Command.PresenceStats(id, "a");
            case REFRESH -> new Command.Refresh(id, "user:anna");
            case SUB_REFRESH -> new Command.SubRefresh(id, "$a", "forever", 0);
            case RPC -> new Command.Rpc(id, "a", Bytes.utf8("1"));
            case CONNECT, SEND -> throw new AssertionError("has no answer twice");
        };
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CONNECT", "SEND"})
    void eachCommandIsHeldToItsOwnLimit(Operation limited) {
        LimitPlan plan = LimitPlan.builder().operation(limited, inAMinute(1)).build();
        SimulatedNode node = node(plan, null, null, List.of());
        node.authenticator()
                .subscriptionToken(
                        "forever",
                        new Verdict.Granted<>(
                                new SubscriptionGrant(
                                        Bytes.EMPTY, Bytes.EMPTY, 0, OptionOverride.NOTHING)));
        ScriptedClient anna = user(node, "anna");
        boolean subscribes = limited != Operation.SUBSCRIBE;
        if (subscribes) anna.subscribe(ExpiryTest.request("$a", "forever"));
        for (Operation operation : Operation.values()) {
            if (operation == Operation.CONNECT || operation == Operation.SEND) continue;
            if (operation == Operation.SUB_REFRESH && !subscribes) continue;
            assertThat(error(anna.ask(id -> command(operation, id)))).isNotEqualTo(111);
            assertThat(error(anna.ask(id -> command(operation, id))) == 111)
                    .as("%s, where %s is limited", operation, limited)
                    .isEqualTo(operation == limited);
        }
        assertThat(anna.closed()).isNull();
    }

    @Test
    void aUsersConnectionsAreCountedTogetherAndAnonymousOnesNot() {
        SimulatedNode node = node(null, publishes(2), null, List.of());
        ScriptedClient anna = user(node, "anna");
        ScriptedClient other = user(node, "anna");
        ScriptedClient bert = user(node, "bert");
        ScriptedClient nobody = node.client(setup.encoding).connected();

        assertThat(error(anna.publish("a", "1"))).isZero();
        assertThat(error(other.publish("a", "2"))).isZero();
        assertThat(error(anna.publish("a", "3"))).isEqualTo(111);
        assertThat(error(bert.publish("a", "4"))).isZero();
        for (int i = 0; i < 5; i++) assertThat(error(nobody.publish("a", "5"))).isZero();
    }

    @Test
    void aChannelsClientsAreCountedTogether() {
        SimulatedNode node = node(null, null, publishes(2), List.of());
        ScriptedClient anna = user(node, "anna");
        ScriptedClient bert = user(node, "bert");

        assertThat(error(anna.publish("a", "1"))).isZero();
        assertThat(error(bert.publish("a", "2"))).isZero();
        assertThat(error(anna.publish("a", "3"))).isEqualTo(111);
        assertThat(error(anna.publish("b", "4"))).isZero();
        node.publish("a", "by the server");
        assertThat(error(bert.publish("a", "5"))).isEqualTo(111);
    }

    @Test
    void aUserMayConnectSoOften() {
        LimitPlan connects = LimitPlan.builder().operation(Operation.CONNECT, inAMinute(2)).build();
        SimulatedNode node = node(null, connects, null, List.of());
        user(node, "anna");
        user(node, "anna");
        user(node, "bert");
        ScriptedClient third = node.client(setup.encoding);

        Reply answer = third.ask(id -> ScriptedClient.connectCommand(id, "user:anna"));

        assertThat(error(answer)).isEqualTo(111);
        assertThat(node.node().sessions().of("anna")).hasSize(2);
        third.tell(id ->
                ScriptedClient.publishCommand(id, "a", "1")); // such a connection is of no use
        assertThat(third.closeCode()).isEqualTo(3501);
    }

    @Test
    void namespacesAndMethodsMayHaveLimitsOfTheirOwn() {
        LimitPlan plan =
                LimitPlan.builder()
                        .operation(Operation.PUBLISH, inAMinute(1))
                        .override(Operation.PUBLISH, "chat", inAMinute(3))
                        .override(Operation.RPC, "slow", inAMinute(1))
                        .build();
        ScriptedClient anna = user(node(plan, null, null, List.of()), "anna");

        for (int i = 0; i < 3; i++) assertThat(error(anna.publish("chat:a", "1"))).isZero();
        assertThat(error(anna.publish("chat:b", "1"))).isEqualTo(111);
        assertThat(error(anna.publish("a", "1"))).isZero();
        assertThat(error(anna.publish("a", "1"))).isEqualTo(111);
        assertThat(error(rpc(anna, "slow"))).isEqualTo(104);
        assertThat(error(rpc(anna, "slow"))).isEqualTo(111);
        assertThat(error(rpc(anna, "fast"))).isEqualTo(104);
    }

    private static Reply rpc(ScriptedClient client, String method) {
        return client.ask(id -> new Command.Rpc(id, method, Bytes.utf8("1")));
    }

    @Test
    void whoSendsTooMuchIsDisconnectedSinceNobodyWouldTellIt() {
        LimitPlan plan = LimitPlan.builder().total(inAMinute(1)).build();
        ScriptedClient anna = user(node(plan, null, null, List.of()), "anna");
        assertThat(error(rpc(anna, "a"))).isEqualTo(104);
        anna.send(new Command.Send(0, Bytes.utf8("1")));
        assertThat(anna.closeCode()).isEqualTo(3013);
    }

    @Test
    void whoIsAnsweredWithTooManyErrorsIsDisconnectedForGood() {
        ScriptedClient anna = user(node(null, null, null, inAMinute(3)), "anna");
        for (int i = 0; i < 3; i++) assertThat(error(rpc(anna, "a"))).isEqualTo(104);
        assertThat(anna.closed()).isNull();

        anna.tell(id -> new Command.Rpc(id, "a", Bytes.utf8("1")));

        assertThat(anna.closeCode()).isEqualTo(3509);
    }
}
