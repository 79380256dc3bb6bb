package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ServerApi;
import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Capabilities;
import dev.cardea.messaging.auth.Revocation;
import dev.cardea.messaging.auth.TokenId;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens that were good and are no more. */
@ParameterizedClass
@EnumSource
class RevocationTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node() {
        SimulatedNode node = setup.node().start();
        node.authenticator()
                .token("anna1", connection("anna", "a1", 100))
                .token("anna2", connection("anna", "a2", 200))
                .token("bert", connection("bert", "b", 100))
                .subscriptionToken("sub1", subscription("s1", 100))
                .subscriptionToken("sub2", subscription("s2", 200));
        return node;
    }

    private static Verdict<Credentials> connection(String user, String id, long issuedAt) {
        return new Verdict.Granted<>(
                new Credentials(
                        user,
                        Bytes.EMPTY,
                        0,
                        Bytes.EMPTY,
                        Bytes.EMPTY,
                        Map.of(),
                        Capabilities.NONE,
                        new TokenId(id, issuedAt)));
    }

    private static Verdict<SubscriptionGrant> subscription(String id, long issuedAt) {
        return new Verdict.Granted<>(
                new SubscriptionGrant(
                        Bytes.EMPTY,
                        Bytes.EMPTY,
                        0,
                        OptionOverride.NOTHING,
                        Set.of(),
                        new TokenId(id, issuedAt)));
    }

    private ScriptedClient connected(SimulatedNode node, String token) {
        ScriptedClient client = node.client(setup.encoding);
        client.connect(token);
        return client;
    }

    private static ApiResponse revoke(SimulatedNode node, Revocation revocation) {
        ServerApi api = new ServerApi(node.node(), "here", () -> null);
        ApiResponse response = node.await(api.call(new ApiRequest.Revoke(revocation)));
        node.simulation().run(Duration.ofSeconds(1));
        return response;
    }

    private static SubscribeRequest request(String channel, String token) {
        return new SubscribeRequest(
                channel, token, false, "", 0, Bytes.EMPTY, false, false, false, "", null, 0, 0);
    }

    private static Reply subscribe(ScriptedClient client, String channel, String token) {
        return client.ask(id -> new Command.Subscribe(id, request(channel, token)));
    }

    @Test
    void aRevokedTokensConnectionsEndAndOthersStay() {
        SimulatedNode node = node();
        ScriptedClient one = connected(node, "anna1");
        ScriptedClient again = connected(node, "anna1");
        ScriptedClient other = connected(node, "anna2");
        assertThat(revoke(node, new Revocation.OfToken("a1", 0))).isEqualTo(new ApiResponse.Done());
        assertThat(one.closeCode()).isEqualTo(3005);
        assertThat(again.closeCode()).isEqualTo(3005);
        assertThat(other.closed()).isNull();
    }

    @Test
    void aRevokedTokenIsExpiredToWhoComesWithIt() {
        SimulatedNode node = node();
        revoke(node, new Revocation.OfToken("a1", 0));
        ScriptedClient client = node.client(setup.encoding);
        assertThat(error(client.ask(id -> ScriptedClient.connectCommand(id, "anna1"))))
                .isEqualTo(109);
        assertThat(node.node().sessions().clients()).isZero();
        ScriptedClient refreshes = connected(node, "anna2");
        refreshes.tell(id -> new Command.Refresh(id, "anna1"));
        assertThat(refreshes.closeCode()).isEqualTo(3005);
    }

    @Test
    void aTokenThatIsRevokedWhileItIsJudgedLetsNobodyIn() {
        SimulatedNode node = node();
        node.authenticator().hold();
        ScriptedClient client = node.client(setup.encoding);
        int id = client.tell(i -> ScriptedClient.connectCommand(i, "anna1"));
        node.simulation().runUntil(() -> node.authenticator().holds() == 1, Duration.ofSeconds(5));
        revoke(node, new Revocation.OfToken("a1", 0));
        node.authenticator().letGo();
        assertThat(error(client.answer(id))).isEqualTo(109);
    }

    @Test
    void aUsersTokensFromBeforeATimeEnd() {
        SimulatedNode node = node();
        ScriptedClient old = connected(node, "anna1");
        ScriptedClient young = connected(node, "anna2");
        ScriptedClient bert = connected(node, "bert");
        revoke(node, new Revocation.OfUser("anna", "", 200, 0));
        assertThat(old.closeCode()).isEqualTo(3005);
        assertThat(young.closed()).isNull();
        assertThat(bert.closed()).isNull();
        revoke(node, new Revocation.OfUser("anna", "", 0, 0)); // before now
        assertThat(young.closeCode()).isEqualTo(3005);
        assertThat(bert.closed()).isNull();
    }

    @Test
    void aRevokedSubscriptionTokenEndsItsSubscriptionOnly() {
        SimulatedNode node = node();
        ScriptedClient client = connected(node, "anna1");
        assertThat(error(subscribe(client, "one", "sub1"))).isZero();
        assertThat(error(subscribe(client, "two", "sub2"))).isZero();
        client.subscribe("three");
        revoke(node, new Revocation.OfToken("s1", 0));
        assertThat(client.closed()).isNull();
        assertThat(client.pushes())
                .containsExactly(new Push.Unsubscribe("one", 2501, "subscription expired"));
        assertThat(error(subscribe(client, "one", "sub1"))).isEqualTo(109);
        assertThat(error(client.ask(id -> new Command.SubRefresh(id, "two", "sub1", 0))))
                .isEqualTo(109);
        assertThat(error(subscribe(client, "one", "sub2"))).isZero();
    }

    @Test
    void aUsersTokensForOneChannelEndThereOnly() {
        SimulatedNode node = node();
        ScriptedClient client = connected(node, "anna1");
        subscribe(client, "one", "sub1");
        subscribe(client, "two", "sub1");
        revoke(node, new Revocation.OfUser("anna", "one", 200, 0));
        assertThat(client.closed()).isNull();
        assertThat(client.pushes())
                .containsExactly(new Push.Unsubscribe("one", 2501, "subscription expired"));
        assertThat(error(subscribe(client, "one", "sub1"))).isEqualTo(109);
        assertThat(error(subscribe(client, "one", "sub2"))).isZero();
    }

    @Test
    void aTokenThatIsRevokedWhileItsSubscriptionIsMadeEndsIt() {
        for (int micros = 0; micros < 20_000; micros += 500) {
            SimulatedNode node = node();
            ScriptedClient client = connected(node, "anna1");
            int id = client.tell(i -> new Command.Subscribe(i, request("one", "sub1")));
            node.simulation().run(Duration.ofNanos(micros * 1000L));
            revoke(node, new Revocation.OfToken("s1", 0));
            boolean wasRefused = error(client.answer(id)) == 109;
            boolean wasEnded =
                    client.pushes().stream().anyMatch(push -> push instanceof Push.Unsubscribe);
            assertThat(wasRefused || wasEnded).as("after %d us", micros).isTrue();
        }
    }

    /** They came with the connection's token, and end with it. */
    @Test
    void whatTheServerSubscribedToDoesNotEndWithTokensForItsChannel() {
        SimulatedNode node = node();
        TokenId id = new TokenId("a3", 100);
        SubscriptionGrant grant =
                new SubscriptionGrant(
                        Bytes.EMPTY, Bytes.EMPTY, 0, OptionOverride.NOTHING, Set.of(), id);
        node.authenticator()
                .token(
                        "anna3",
                        new Verdict.Granted<>(
                                new Credentials(
                                        "anna",
                                        Bytes.EMPTY,
                                        0,
                                        Bytes.EMPTY,
                                        Bytes.EMPTY,
                                        Map.of("one", grant),
                                        Capabilities.NONE,
                                        id)));
        ScriptedClient client = connected(node, "anna3");
        revoke(node, new Revocation.OfUser("anna", "one", 200, 0));
        assertThat(client.pushes()).isEmpty();
        assertThat(client.closed()).isNull();
        revoke(node, new Revocation.OfToken("a3", 0));
        assertThat(client.closeCode()).isEqualTo(3005);
    }

    @Test
    void manyRevocationsAtOnceEndEveryConnectionThatIsMeant() {
        SimulatedNode node = node();
        List<ScriptedClient> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            node.authenticator().token("t" + i, connection("user" + i, "id" + i, 1));
            clients.add(connected(node, "t" + i));
        }
        List<CompletionStage<Boolean>> told = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            told.add(node.node().revocations().add(new Revocation.OfToken("id" + i, 0)));
        }
        node.simulation().run(Duration.ofSeconds(1));
        for (ScriptedClient client : clients) assertThat(client.closeCode()).isEqualTo(3005);
        for (CompletionStage<Boolean> each : told)
            assertThat(each.toCompletableFuture()).isCompletedWithValue(true);
    }

    @Test
    void whatCannotBeRevokedIsRefused() {
        SimulatedNode node = node();
        long now = node.simulation().unixMillis() / 1000;
        ApiResponse bad = new ApiResponse.Refused(Refusal.BAD_REQUEST);
        assertThat(revoke(node, new Revocation.OfToken("", 0))).isEqualTo(bad);
        assertThat(revoke(node, new Revocation.OfToken("x", now))).isEqualTo(bad);
        assertThat(revoke(node, new Revocation.OfToken("x", -1))).isEqualTo(bad);
        assertThat(revoke(node, new Revocation.OfUser("", "", 0, 0))).isEqualTo(bad);
        assertThat(revoke(node, new Revocation.OfUser("anna", "", -5, 0))).isEqualTo(bad);
        for (int i = 0; i < 100; i++) revoke(node, new Revocation.OfToken("x" + i, 0));
        assertThat(revoke(node, new Revocation.OfToken("one more", 0)))
                .isEqualTo(new ApiResponse.Refused(Refusal.LIMIT_EXCEEDED));
    }
}
