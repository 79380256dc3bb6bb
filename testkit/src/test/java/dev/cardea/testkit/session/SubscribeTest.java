package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.hub.ChannelOptions.Permissions;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.FilterNode;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class SubscribeTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    @Test
    void aSubscriberGetsWhatIsPublishedFromThenOn() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected();
        node.publish("news", "\"before\"");

        SubscribeResult result = client.subscribe("news");
        node.publish("news", "\"first\"");
        node.publish("news", "\"second\"");
        node.publish("other", "\"elsewhere\"");
        node.simulation().run();

        assertThat(result.expires()).isFalse();
        assertThat(result.recoverable()).isFalse();
        assertThat(result.positioned()).isFalse();
        assertThat(result.epoch()).isEmpty();
        assertThat(result.offset()).isZero();
        assertThat(client.data("news")).containsExactly("\"first\"", "\"second\"");
        assertThat(client.publications("news").getFirst().offset()).isZero();
        assertThat(client.data("other")).isEmpty();
    }

    @Test
    void aReplyComesBeforeThePublicationsOfItsChannel() {
        SimulatedNode node = setup.node().start();
        ScriptedClient publisher = node.client(setup.encoding).connected();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.forget();
        for (int i = 0; i < 50; i++) {
            String data = Integer.toString(i);
            publisher.tell(id -> ScriptedClient.publishCommand(id, "news", data));
        }

        client.subscribe("news");
        node.publish("news", "\"last\"");
        node.simulation().run(Duration.ofSeconds(5));

        assertThat(client.heard().getFirst()).isInstanceOf(Reply.Subscribe.class);
        assertThat(client.data("news")).contains("\"last\"");
    }

    @Test
    void anEmptyChannelEndsTheConnection() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        client.tell(id -> new Command.Subscribe(id, SubscribeRequest.to("")));
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void aDeltaThatNobodyKnowsEndsTheConnection() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        client.tell(id -> new Command.Subscribe(id, request("news", "", "gzip", null, 0)));
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void aDeltaThatIsNotGrantedIsNoError() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        assertThat(client.subscribe(request("news", "", "fossil", null, 0)).delta()).isFalse();
    }

    @Test
    void aChannelNameMayBeAsLongAsAllowedAndNoLonger() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        client.subscribe("x".repeat(255));
        assertThat(refused(client, SubscribeRequest.to("x".repeat(256)))).isEqualTo(107);
    }

    @Test
    void aChannelNameIsAsciiUnlessThereIsAPatternForIt() {
        ScriptedClient client =
                setup.node()
                        .channels(
                                ChannelSettings.of("room")
                                        .names(Pattern.compile("^[a-z\u00e9]+$").asPredicate()))
                        .start()
                        .client(setup.encoding)
                        .connected();
        assertThat(refused(client, SubscribeRequest.to("caf\u00e9"))).isEqualTo(107);
        assertThat(refused(client, SubscribeRequest.to("room:42"))).isEqualTo(107);
        client.subscribe("room:caf\u00e9");
    }

    @Test
    void aSecondSubscriptionToAChannelIsRefused() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        client.subscribe("news");
        assertThat(refused(client, SubscribeRequest.to("news"))).isEqualTo(105);
    }

    @Test
    void aClientHasNoMoreSubscriptionsThanItMay() {
        ScriptedClient client =
                setup.node()
                        .client(new ClientSettings().channelLimit(2))
                        .start()
                        .client(setup.encoding)
                        .connected();
        client.subscribe("a");
        client.subscribe("b");
        assertThat(refused(client, SubscribeRequest.to("c"))).isEqualTo(106);
        client.unsubscribe("a");
        client.subscribe("c");
    }

    @Test
    void aNamespaceThatIsNotConfiguredIsUnknown() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        assertThat(refused(client, SubscribeRequest.to("nowhere:a"))).isEqualTo(102);
    }

    @Test
    void tagsFiltersAndOtherSubscriptionTypesAreRefused() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        FilterNode filter = new FilterNode("", "k", "eq", "v", List.of(), List.of());
        assertThat(refused(client, request("news", "", "", filter, 0))).isEqualTo(107);
        assertThat(refused(client, request("news", "", "", null, 1))).isEqualTo(103);
    }

    /** Flag 1 asks for numbers instead of names; a server may leave it at names. */
    @Test
    void aClientThatAsksForShortNamesOfChannelsGetsTheLongOnes() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe(
                new SubscribeRequest(
                        "news",
                        "",
                        false,
                        "",
                        0,
                        Bytes.EMPTY,
                        false,
                        false,
                        false,
                        "",
                        null,
                        SubscribeRequest.FLAG_CHANNEL_COMPACTION,
                        0));
        node.publish("news", "1");
        assertThat(client.data("news")).containsExactly("1");
    }

    @Test
    void whoMaySubscribeIsUpToTheNamespace() {
        SimulatedNode node =
                setup.node()
                        .channels(ChannelSettings.of("closed").permissions(Permissions.NONE))
                        .channels(ChannelSettings.of("users").permissions(forUsers()))
                        .start();
        ScriptedClient anonymous = node.client(setup.encoding).connected();
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("user:anna");

        assertThat(refused(anna, SubscribeRequest.to("closed:a"))).isEqualTo(103);
        anna.subscribe("users:a");
        assertThat(refused(anonymous, SubscribeRequest.to("users:a"))).isEqualTo(103);
    }

    private static Permissions forUsers() {
        return new Permissions(
                true, false, false, true, false, false, true, false, false, true, false, false);
    }

    @Test
    void everyoneMaySubscribeWhereNothingIsSecure() {
        ScriptedClient client =
                setup.node()
                        .client(new ClientSettings().insecure())
                        .channels(ChannelSettings.of("closed").permissions(Permissions.NONE))
                        .start()
                        .client(setup.encoding)
                        .connected();
        client.subscribe("closed:a");
    }

    @Test
    void aPrivateChannelNeedsAToken() {
        SimulatedNode node =
                setup.node()
                        .client(new ClientSettings().insecure())
                        .channels(ChannelSettings.of("room"))
                        .start();
        node.authenticator().subscriptionToken("t", granted("{\"role\":\"guest\"}", 0));
        ScriptedClient client = node.client(setup.encoding).connected();

        assertThat(refused(client, SubscribeRequest.to("$room:a"))).isEqualTo(103);
        SubscribeResult result = client.subscribe(request("$room:a", "t", "", null, 0));

        assertThat(result.data().toUtf8()).isEqualTo("{\"role\":\"guest\"}");
    }

    @Test
    void aTokenIsJudgedEvenWhereNoneIsNeeded() {
        SimulatedNode node = setup.node().start();
        node.authenticator()
                .subscriptionToken("expired", new Verdict.Expired<>())
                .subscriptionToken("old", granted("{}", node.simulation().unixMillis() / 1000 - 1));
        ScriptedClient client = node.client(setup.encoding).connected();

        assertThat(refused(client, request("news", "forged", "", null, 0))).isEqualTo(103);
        assertThat(refused(client, request("news", "expired", "", null, 0))).isEqualTo(109);
        assertThat(refused(client, request("news", "old", "", null, 0))).isEqualTo(110);
    }

    @Test
    void aTokenForAnotherChannelEndsTheConnection() {
        SimulatedNode node = setup.node().start();
        node.authenticator().subscriptionToken("other", new Verdict.Mismatched<>("other channel"));
        ScriptedClient client = node.client(setup.encoding).connected();
        client.tell(id -> new Command.Subscribe(id, request("news", "other", "", null, 0)));
        assertThat(client.closeCode()).isEqualTo(3500);
    }

    @Test
    void aTokenMayGrantWhatTheNamespaceDoesNot() {
        SimulatedNode node =
                setup.node()
                        .channels(ChannelSettings.of("").history(10, Duration.ofMinutes(1)))
                        .start();
        node.authenticator()
                .subscriptionToken(
                        "t",
                        new Verdict.Granted<>(
                                new SubscriptionGrant(
                                        Bytes.EMPTY,
                                        Bytes.EMPTY,
                                        0,
                                        new OptionOverride(true, true, true, null, true))));
        ScriptedClient client = node.client(setup.encoding).connected();

        SubscribeResult result = client.subscribe(request("news", "t", "", null, 0));
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(result.recoverable()).isTrue();
        assertThat(result.positioned()).isTrue();
        assertThat(client.pushes()).hasSize(1).first().isInstanceOf(Push.Join.class);
        assertThat(node.await(node.broker().presence("news"))).hasSize(1);
    }

    @Test
    void anUnsubscribedClientGetsNothingMore() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");

        assertThat(client.unsubscribe("news")).isInstanceOf(Reply.Unsubscribe.class);
        node.publish("news", "{}");
        node.simulation().run();

        assertThat(client.publications("news")).isEmpty();
        assertThat(node.node().counters().subscriptions()).isZero();
        assertThat(node.hub().find("news")).isNull();
    }

    @Test
    void unsubscribingFromWhatOneIsNotSubscribedToIsNoError() {
        ScriptedClient client = setup.node().start().client(setup.encoding).connected();
        assertThat(client.unsubscribe("news")).isInstanceOf(Reply.Unsubscribe.class);
        client.tell(id -> new Command.Unsubscribe(id, ""));
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void aClientMaySubscribeAgainRightBehindItsUnsubscribe() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        client.send(
                new Command.Unsubscribe(101, "news"),
                new Command.Subscribe(102, SubscribeRequest.to("news")));

        assertThat(client.answer(102)).isInstanceOf(Reply.Subscribe.class);
        node.publish("news", "{}");
        node.simulation().run();

        assertThat(client.data("news")).containsExactly("{}");
    }

    private static Verdict<SubscriptionGrant> granted(String data, long expireAtSeconds) {
        return new Verdict.Granted<>(
                new SubscriptionGrant(
                        Bytes.EMPTY, Bytes.utf8(data), expireAtSeconds, OptionOverride.NOTHING));
    }

    private static int refused(ScriptedClient client, SubscribeRequest request) {
        return error(client.ask(id -> new Command.Subscribe(id, request)));
    }

    private static SubscribeRequest request(
            String channel, String token, String delta, @Nullable FilterNode tf, int type) {
        return new SubscribeRequest(
                channel, token, false, "", 0, Bytes.EMPTY, false, false, false, delta, tf, 0, type);
    }
}
