package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ExpiryTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node() {
        SimulatedNode node = setup.node().start();
        node.authenticator()
                .token("short", "anna", in(node, 60))
                .token("long", "anna", in(node, 600))
                .token("past", "anna", in(node, -1))
                .token("expired", new Verdict.Expired<>())
                .subscriptionToken("short", grant(in(node, 60)))
                .subscriptionToken("long", grant(in(node, 600)))
                .subscriptionToken("past", grant(in(node, -1)))
                .subscriptionToken("forever", grant(0))
                .subscriptionToken("expired", new Verdict.Expired<>())
                .subscriptionToken("other", new Verdict.Mismatched<>("other channel"));
        return node;
    }

    private static long in(SimulatedNode node, long seconds) {
        return node.simulation().unixMillis() / 1000 + seconds;
    }

    private static Verdict<SubscriptionGrant> grant(long expireAtSeconds) {
        return new Verdict.Granted<>(
                new SubscriptionGrant(
                        Bytes.EMPTY, Bytes.EMPTY, expireAtSeconds, OptionOverride.NOTHING));
    }

    @Test
    void anExpiredConnectionIsClosedAfterATimeOfGrace() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding);
        client.connect("short");

        node.simulation().run(Duration.ofMillis(84_500));
        assertThat(client.closed()).isNull();
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(client.closeCode()).isEqualTo(3005);
    }

    @Test
    void aRefreshedConnectionStays() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding);
        String id = client.connect("short").client();
        node.simulation().run(Duration.ofSeconds(70));

        Reply answer = client.ask(i -> new Command.Refresh(i, "long"));
        node.simulation().run(Duration.ofSeconds(500));

        assertThat(answer).isInstanceOf(Reply.Refresh.class);
        Reply.Refresh refresh = (Reply.Refresh) answer;
        assertThat(refresh.client()).isEqualTo(id);
        assertThat(refresh.expires()).isTrue();
        assertThat(refresh.ttlSeconds()).isBetween(525, 530);
        assertThat(client.closed()).isNull();
    }

    @Test
    void aRefreshMustFitTheConnection() {
        assertThat(closeCodeAfterRefresh("")).isEqualTo(3501);
        assertThat(closeCodeAfterRefresh("forged")).isEqualTo(3500);
        assertThat(closeCodeAfterRefresh("user:bert")).isEqualTo(3500);
        assertThat(closeCodeAfterRefresh("expired")).isEqualTo(3005);
        assertThat(closeCodeAfterRefresh("past")).isEqualTo(3005);
    }

    private int closeCodeAfterRefresh(String token) {
        ScriptedClient client = node().client(setup.encoding);
        client.connect("short");
        client.tell(id -> new Command.Refresh(id, token));
        return client.closeCode();
    }

    @Test
    void anExpiredSubscriptionIsEndedAfterATimeOfGrace() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding).connected();
        SubscribeResult result = client.subscribe(withToken("short"));
        assertThat(result.expires()).isTrue();
        assertThat(result.ttlSeconds()).isBetween(59, 60);

        node.simulation().run(Duration.ofMillis(84_500));
        assertThat(client.pushes()).isEmpty();
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(client.pushes())
                .containsExactly(new Push.Unsubscribe("news", 2501, "subscription expired"));
        assertThat(client.closed()).isNull();
    }

    @Test
    void theFirstOfSeveralSubscriptionsToExpireIsEndedFirst() {
        SimulatedNode node = node();
        node.authenticator().subscriptionToken("b", grant(in(node, 45)));
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe(withToken("short"));
        client.subscribe(request("other", "b"));

        node.simulation().run(Duration.ofSeconds(71)); // "short" has its time of grace still

        assertThat(client.pushes()).extracting(Push::channel).containsExactly("other");
    }

    @Test
    void aRefreshedSubscriptionStays() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe(withToken("short"));
        node.simulation().run(Duration.ofSeconds(70));

        Reply answer = refresh(client, "news", "long");
        node.simulation().run(Duration.ofSeconds(500));

        assertThat(answer).isInstanceOf(Reply.SubRefresh.class);
        assertThat(((Reply.SubRefresh) answer).expires()).isTrue();
        assertThat(((Reply.SubRefresh) answer).ttlSeconds()).isBetween(525, 530);
        assertThat(client.pushes()).isEmpty();
    }

    @Test
    void aSubscriptionMayBeRefreshedForEver() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe(withToken("short"));

        Reply answer = refresh(client, "news", "forever");
        node.simulation().run(Duration.ofMinutes(5));

        assertThat(((Reply.SubRefresh) answer).expires()).isFalse();
        assertThat(client.pushes()).isEmpty();
    }

    @Test
    void aRefreshThatDoesNotFitTheSubscriptionIsRefused() {
        ScriptedClient client = node().client(setup.encoding).connected();
        client.subscribe(withToken("short"));

        assertThat(error(refresh(client, "unheard", "long"))).isEqualTo(103);
        assertThat(error(refresh(client, "news", ""))).isEqualTo(107);
        assertThat(error(refresh(client, "news", "expired"))).isEqualTo(109);
        assertThat(error(refresh(client, "news", "past"))).isEqualTo(110);
        assertThat(error(client.ask(id -> new Command.SubRefresh(id, "news", "long", 1))))
                .isEqualTo(107);
    }

    @Test
    void aRefreshWithAForeignOrForgedTokenEndsTheConnection() {
        for (String token : List.of("other", "forged")) {
            ScriptedClient client = node().client(setup.encoding).connected();
            client.subscribe(withToken("short"));
            client.tell(id -> new Command.SubRefresh(id, "news", token, 0));
            assertThat(client.closeCode()).isEqualTo(3500);
        }
    }

    @Test
    void aTokenForOtherChannelsMakesTheConnectionBeginAnew() {
        SimulatedNode node = node();
        node.authenticator()
                .token("a", channels("a"))
                .token("ab", channels("a", "b"))
                .token("none", channels());

        assertThat(refreshed(node, "a", "a").closed()).isNull();
        assertThat(refreshed(node, "a", "ab").closeCode()).isEqualTo(3010);
        assertThat(refreshed(node, "ab", "a").closeCode()).isEqualTo(3010);
        assertThat(refreshed(node, "a", "none").closeCode()).isEqualTo(3010);
    }

    private ScriptedClient refreshed(SimulatedNode node, String before, String then) {
        ScriptedClient client = node.client(setup.encoding);
        client.connect(before);
        client.tell(id -> new Command.Refresh(id, then));
        node.simulation().run(Duration.ofSeconds(1));
        return client;
    }

    private static Verdict<Credentials> channels(String... channels) {
        Map<String, SubscriptionGrant> grants = new HashMap<>();
        for (String channel : channels) grants.put(channel, SubscriptionGrant.PLAIN);
        return new Verdict.Granted<>(
                new Credentials("anna", Bytes.EMPTY, 0, Bytes.EMPTY, Bytes.EMPTY, grants));
    }

    @Test
    void whatOthersSeeOfAConnectionIsWhatItsNewTokenSays() {
        SimulatedNode node = setup.node().channels(ChannelSettings.of("").presence()).start();
        node.authenticator()
                .token("new", new Verdict.Granted<>(new Credentials("anna", Bytes.utf8("[2]"), 0)));
        ScriptedClient client = node.client(setup.encoding);
        client.connect("user:anna");
        client.subscribe("news");

        client.ask(id -> new Command.Refresh(id, "new"));
        node.simulation().run(Duration.ofSeconds(60));

        assertThat(node.await(node.broker().presence("news")).values())
                .extracting(info -> info.connInfo().toUtf8())
                .containsExactly("[2]");
    }

    @Test
    void theServerRefreshesAConnectionWhichHearsOfIt() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding);
        client.connect("short");

        client.onSession(session -> session.refresh(in(node, 600), Bytes.EMPTY));
        node.simulation().run(Duration.ofSeconds(500));
        assertThat(client.closed()).isNull();
        assertThat(client.pushes()).hasSize(1);
        Push.Refresh refresh = (Push.Refresh) client.pushes().getFirst();
        assertThat(refresh.expires()).isTrue();
        assertThat(refresh.ttlSeconds()).isBetween(599, 600);
        client.onSession(session -> session.refresh(0, Bytes.EMPTY));
        node.simulation().run(Duration.ofMinutes(30));

        assertThat(client.pushes().getLast()).isEqualTo(new Push.Refresh(false, 0));
        assertThat(client.closed()).isNull();
        client.onSession(session -> session.refresh(in(node, -1), Bytes.EMPTY));
        assertThat(client.closeCode()).isEqualTo(3005);
    }

    @Test
    void aRefreshOfNoChannelEndsTheConnection() {
        ScriptedClient client = node().client(setup.encoding).connected();
        client.tell(id -> new Command.SubRefresh(id, "", "long", 0));
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    private static Reply refresh(ScriptedClient client, String channel, String token) {
        return client.ask(id -> new Command.SubRefresh(id, channel, token, 0));
    }

    private static SubscribeRequest withToken(String token) {
        return request("news", token);
    }

    static SubscribeRequest request(String channel, String token) {
        return new SubscribeRequest(
                channel, token, false, "", 0, Bytes.EMPTY, false, false, false, "", null, 0, 0);
    }
}
