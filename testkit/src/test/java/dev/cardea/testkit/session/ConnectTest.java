package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ConnectTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    @Test
    void theResultNamesTheConnectionAndHowItIsPinged() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding);

        ConnectResult result = client.connect("user:anna");

        assertThat(result.client()).isEqualTo(client.session().client());
        assertThat(result.version()).isEqualTo("test");
        assertThat(result.node()).isEqualTo("node");
        assertThat(result.pingSeconds()).isEqualTo(25);
        assertThat(result.pong()).isTrue();
        assertThat(result.expires()).isFalse();
        assertThat(result.timeMillis()).isZero();
        assertThat(client.session().user()).isEqualTo("anna");
        assertThat(node.node().sessions().find(result.client())).isSameAs(client.session());
        assertThat(node.node().sessions().of("anna")).containsExactly(client.session());
    }

    @Test
    void theResultTellsTheTimeIfItIsToldTo() {
        SimulatedNode node = setup.node().client(new ClientSettings().includeServerTime()).start();

        ConnectResult result = node.client(setup.encoding).connect("");

        assertThat(result.timeMillis()).isEqualTo(node.simulation().unixMillis());
    }

    @Test
    void aTokenThatExpiresIsToBeRefreshedInTime() {
        SimulatedNode node = setup.node().start();
        node.authenticator().token("t", "anna", node.simulation().unixMillis() / 1000 + 90);

        ConnectResult result = node.client(setup.encoding).connect("t");

        assertThat(result.expires()).isTrue();
        assertThat(result.ttlSeconds()).isEqualTo(90);
    }

    @Test
    void theFirstCommandMustBeConnect() {
        ScriptedClient client = setup.node().start().client(setup.encoding);

        client.tell(id -> new Command.Subscribe(id, SubscribeRequest.to("news")));

        assertThat(client.closeCode()).isEqualTo(3501);
        assertThat(client.heard()).isEmpty();
    }

    @Test
    void aConnectWithoutAnIdIsRefused() {
        ScriptedClient client = setup.node().start().client(setup.encoding);

        client.send(ScriptedClient.connectCommand(0, ""));

        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void aSecondConnectIsRefused() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();

        client.tell(id -> ScriptedClient.connectCommand(id, ""));

        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void aTokenThatIsNoGoodEndsTheConnection() {
        assertThat(closeCodeFor(new Verdict.Invalid<>("forged"))).isEqualTo(3500);
        assertThat(closeCodeFor(new Verdict.Mismatched<>("other"))).isEqualTo(3500);
        assertThat(closeCodeFor(new Verdict.Missing<>())).isEqualTo(3501);
        assertThat(closeCodeFor(new Verdict.Forbidden<>())).isEqualTo(3507);
    }

    private int closeCodeFor(Verdict<Credentials> verdict) {
        SimulatedNode node = setup.node().start();
        node.authenticator().token("t", verdict);
        ScriptedClient client = node.client(setup.encoding);
        client.tell(id -> ScriptedClient.connectCommand(id, "t"));
        int code = client.closeCode();
        assertThat(client.heard()).isEmpty();
        assertThat(node.node().sessions().clients()).isZero();
        return code;
    }

    @Test
    void anExpiredTokenIsToldSoAndNothingElseIsTakenFromThatConnection() {
        SimulatedNode node = setup.node().start();
        node.authenticator().token("t", new Verdict.Expired<>());
        ScriptedClient client = node.client(setup.encoding);

        assertThat(error(client.ask(id -> ScriptedClient.connectCommand(id, "t")))).isEqualTo(109);
        client.tell(id -> ScriptedClient.connectCommand(id, "user:anna"));

        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void credentialsThatHaveExpiredAreRefused() {
        SimulatedNode node = setup.node().start();
        node.authenticator().token("t", "anna", node.simulation().unixMillis() / 1000 - 1);

        Reply answer =
                node.client(setup.encoding).ask(id -> ScriptedClient.connectCommand(id, "t"));

        assertThat(error(answer)).isEqualTo(110);
    }

    @Test
    void aRefusedConnectionThatStaysIsClosedAsStale() {
        SimulatedNode node = setup.node().start();
        node.authenticator().token("t", new Verdict.Expired<>());
        ScriptedClient client = node.client(setup.encoding);
        client.ask(id -> ScriptedClient.connectCommand(id, "t"));

        node.simulation().run(Duration.ofMillis(9_900));
        assertThat(client.closed()).isNull();
        node.simulation().run(Duration.ofMillis(200));

        assertThat(client.closeCode()).isEqualTo(3502);
    }

    @Test
    void aConnectionThatSaysNothingIsClosedAsStale() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding);

        node.simulation().run(Duration.ofMillis(9_900));
        assertThat(client.closed()).isNull();
        node.simulation().run(Duration.ofMillis(200));

        assertThat(client.closeCode()).isEqualTo(3502);
    }

    @Test
    void aUserHasNoMoreConnectionsThanItMay() {
        SimulatedNode node =
                setup.node().client(new ClientSettings().userConnectionLimit(2)).start();
        ScriptedClient first = node.client(setup.encoding);
        first.connect("user:anna");
        node.client(setup.encoding).connect("user:anna");
        node.client(setup.encoding).connect("user:bert");

        ScriptedClient third = node.client(setup.encoding);
        third.tell(id -> ScriptedClient.connectCommand(id, "user:anna"));
        assertThat(third.closeCode()).isEqualTo(3504);

        first.cut();
        node.simulation().run();
        node.client(setup.encoding).connect("user:anna");
        assertThat(node.node().sessions().of("anna")).hasSize(2);
    }

    @Test
    void commandsBehindAPendingConnectAreCarriedOutInOrderAfterIt() {
        SimulatedNode node = setup.node().start();
        node.authenticator().hold();
        ScriptedClient client = node.client(setup.encoding);
        client.send(
                ScriptedClient.connectCommand(1, "user:anna"),
                new Command.Subscribe(2, SubscribeRequest.to("a")),
                new Command.Subscribe(3, SubscribeRequest.to("b")));
        client.send(ScriptedClient.publishCommand(4, "a", "{}"));

        node.simulation().run(Duration.ofSeconds(5));
        assertThat(client.heard()).isEmpty();
        node.authenticator().letGo();
        client.answer(4);

        List<Integer> answered = new ArrayList<>();
        for (Reply reply : client.heard()) {
            if (reply instanceof Reply.Answer answer) answered.add(answer.id());
        }
        assertThat(answered).containsExactly(1, 2, 3, 4);
        assertThat(client.data("a")).containsExactly("{}");
    }

    @Test
    void commandsBehindAConnectThatIsRefusedAreNotCarriedOut() {
        SimulatedNode node = setup.node().start();
        node.authenticator().token("t", new Verdict.Expired<>()).hold();
        ScriptedClient client = node.client(setup.encoding);
        client.send(
                ScriptedClient.connectCommand(1, "t"),
                new Command.Subscribe(2, SubscribeRequest.to("a")));
        node.simulation().run();

        node.authenticator().letGo();

        assertThat(client.closeCode()).isEqualTo(3501);
        assertThat(client.heard()).hasSize(1);
        assertThat(error(client.heard().getFirst())).isEqualTo(109);
    }

    @Test
    void aConnectionThatBreaksWhileItsTokenIsJudgedStaysClosed() {
        SimulatedNode node = setup.node().start();
        node.authenticator().hold();
        ScriptedClient client = node.client(setup.encoding);
        client.tell(id -> ScriptedClient.connectCommand(id, "user:anna"));
        node.simulation().run();
        client.cut();
        node.simulation().run();

        node.authenticator().letGo();
        client.cut();
        node.simulation().run(Duration.ofMinutes(1));

        assertThat(node.node().sessions().clients()).isZero();
        assertThat(node.node().sessions().users()).isZero();
        assertThat(node.node().counters().connections()).isZero();
        assertThat(node.node().counters().errors()).isEmpty();
        assertThat(node.node().counters().disconnects().get(3000)).hasToString("1");
    }

    @Test
    void whatCannotBeReadEndsTheConnection() {
        assertThat(closeCodeAfter(new byte[0])).isEqualTo(3501);
        assertThat(closeCodeAfter(new byte[] {'{', '"', 'i'})).isEqualTo(3501);
        assertThat(closeCodeAfter(new byte[] {(byte) 0xff, (byte) 0xff})).isEqualTo(3501);
    }

    private int closeCodeAfter(byte[] message) {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        client.sendRaw(message);
        return client.closeCode();
    }

    @Test
    void aCommandWithoutARequestEndsTheConnection() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        client.tell(Command.Empty::new);
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void thePingCommandOfTheProtocolEndsTheConnection() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        client.tell(Command.Ping::new);
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void aCommandLongerThanAllowedEndsTheConnection() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        String longText = "\"" + "x".repeat(64 * 1024) + "\"";
        client.tell(id -> new Command.Rpc(id, "m", Bytes.utf8(longText)));
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    static int error(Reply answer) {
        return answer instanceof Reply.Error error ? error.code() : 0;
    }
}
