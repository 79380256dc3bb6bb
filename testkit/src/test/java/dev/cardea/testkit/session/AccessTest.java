package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Capabilities;
import dev.cardea.messaging.auth.Capability;
import dev.cardea.messaging.auth.TokenId;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.hub.ChannelOptions.Permissions;
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
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may do what: the namespace, the connection's token and the subscription's token. */
@ParameterizedClass
@EnumSource
class AccessTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    /** What a namespace allows besides subscribing, for each of: publish, presence, history. */
    private static Permissions calls(boolean client, boolean subscriber, boolean anonymous) {
        return new Permissions(
                true,
                true,
                false,
                client,
                subscriber,
                anonymous,
                client,
                subscriber,
                anonymous,
                client,
                subscriber,
                anonymous);
    }

    private static Permissions userLimited(boolean forClient) {
        return new Permissions(
                forClient, forClient, true, false, false, false, false, false, false, false, false,
                false);
    }

    private static ChannelSettings full(String name, Permissions permissions) {
        return ChannelSettings.of(name)
                .history(10, Duration.ofMinutes(1))
                .presence()
                .joinLeave()
                .permissions(permissions);
    }

    private SimulatedNode node() {
        return setup.node()
                .channels(full("client", calls(true, false, false)))
                .channels(full("anyone", calls(true, false, true)))
                .channels(full("subscriber", calls(false, true, false)))
                .channels(full("anysubscriber", calls(false, true, true)))
                .channels(full("closed", Permissions.NONE))
                .channels(ChannelSettings.of("limited").permissions(userLimited(false)))
                .channels(ChannelSettings.of("limitedopen").permissions(userLimited(true)))
                .channels(
                        ChannelSettings.of("digits")
                                .names(name -> name.matches("[0-9]+"))
                                .history(10, Duration.ofMinutes(1))
                                .presence())
                .start();
    }

    private ScriptedClient user(SimulatedNode node, String name) {
        ScriptedClient client = node.client(setup.encoding);
        client.connect("user:" + name);
        return client;
    }

    private ScriptedClient anonymous(SimulatedNode node) {
        return node.client(setup.encoding).connected();
    }

    private static int publish(ScriptedClient client, String channel) {
        return error(client.publish(channel, "1"));
    }

    private static int history(ScriptedClient client, String channel) {
        return error(client.ask(id -> new Command.History(id, channel, 0, null, false)));
    }

    private static int presence(ScriptedClient client, String channel) {
        int full = error(client.ask(id -> new Command.Presence(id, channel)));
        int stats = error(client.ask(id -> new Command.PresenceStats(id, channel)));
        assertThat(stats).isEqualTo(full);
        return full;
    }

    private static void may(ScriptedClient client, String channel, boolean all) {
        int expected = all ? 0 : 103;
        assertThat(publish(client, channel)).as("publish " + channel).isEqualTo(expected);
        assertThat(history(client, channel)).as("history " + channel).isEqualTo(expected);
        assertThat(presence(client, channel)).as("presence " + channel).isEqualTo(expected);
    }

    private static int subscribe(ScriptedClient client, String channel) {
        return error(client.ask(id -> new Command.Subscribe(id, SubscribeRequest.to(channel))));
    }

    @Test
    void whatANamespaceAllowsItsClientsIsForUsersUnlessItSaysSo() {
        SimulatedNode node = node();
        ScriptedClient anna = user(node, "anna");
        ScriptedClient nobody = anonymous(node);
        may(anna, "client:a", true);
        may(nobody, "client:a", false);
        may(anna, "anyone:a", true);
        may(nobody, "anyone:a", true);
    }

    @Test
    void whatIsForSubscribersNeedsASubscription() {
        SimulatedNode node = node();
        ScriptedClient anna = user(node, "anna");
        ScriptedClient nobody = anonymous(node);
        may(anna, "subscriber:a", false);
        assertThat(subscribe(anna, "subscriber:a")).isZero();
        may(anna, "subscriber:a", true);
        anna.unsubscribe("subscriber:a");
        may(anna, "subscriber:a", false);

        assertThat(subscribe(nobody, "subscriber:a")).isZero();
        may(nobody, "subscriber:a", false);
        may(nobody, "anysubscriber:a", false);
        assertThat(subscribe(nobody, "anysubscriber:a")).isZero();
        may(nobody, "anysubscriber:a", true);
    }

    @Test
    void aUserLimitedChannelIsForTheUsersThatItNames() {
        SimulatedNode node = node();
        ScriptedClient anna = user(node, "anna");
        ScriptedClient bert = user(node, "bert");
        for (String namespace : new String[] {"limited", "limitedopen"}) {
            assertThat(subscribe(anna, namespace + ":talk#anna,carl")).isZero();
            assertThat(subscribe(bert, namespace + ":talk#anna,carl")).isEqualTo(103);
            assertThat(subscribe(anonymous(node), namespace + ":talk#")).isEqualTo(103);
            assertThat(subscribe(anonymous(node), namespace + ":talk#,anna")).isEqualTo(103);
        }
        assertThat(subscribe(bert, "limited:talk")).isEqualTo(103);
        assertThat(subscribe(bert, "limitedopen:talk")).isZero();
        // where the namespace doesn't say so, the name means nothing
        assertThat(subscribe(bert, "client:talk#anna")).isZero();
    }

    @Test
    void aTokenOpensAUserLimitedChannelToItsBearer() {
        SimulatedNode node = node();
        node.authenticator().subscriptionToken("t", granted());
        ScriptedClient bert = user(node, "bert");
        assertThat(error(ask(bert, "limited:talk#anna", "t"))).isZero();
    }

    private static Reply ask(ScriptedClient client, String channel, String token) {
        return client.ask(id -> new Command.Subscribe(id, request(channel, token, false)));
    }

    private static SubscribeRequest request(String channel, String token, boolean wantsAll) {
        return new SubscribeRequest(
                channel,
                token,
                false,
                "",
                0,
                Bytes.EMPTY,
                wantsAll,
                wantsAll,
                wantsAll,
                "",
                null,
                0,
                0);
    }

    private static Verdict<SubscriptionGrant> granted(Capability... allow) {
        return new Verdict.Granted<>(
                new SubscriptionGrant(
                        Bytes.EMPTY,
                        Bytes.EMPTY,
                        0,
                        OptionOverride.NOTHING,
                        Set.of(allow),
                        TokenId.NONE));
    }

    private static Verdict<Credentials> annaWith(Capabilities capabilities) {
        return new Verdict.Granted<>(
                new Credentials(
                        "anna",
                        Bytes.EMPTY,
                        0,
                        Bytes.EMPTY,
                        Bytes.EMPTY,
                        Map.of(),
                        capabilities,
                        TokenId.NONE));
    }

    @Test
    void aConnectionsTokenMayAllowMoreThanTheNamespace() {
        SimulatedNode node = node();
        for (Capability capability : Capability.values()) {
            String token = capability.name();
            node.authenticator()
                    .token(
                            token,
                            annaWith((what, channel) ->
                                    what == capability && channel.equals("closed:a")));
            ScriptedClient anna = node.client(setup.encoding);
            anna.connect(token);
            assertThat(publish(anna, "closed:a"))
                    .isEqualTo(capability == Capability.PUBLISH ? 0 : 103);
            assertThat(history(anna, "closed:a"))
                    .isEqualTo(capability == Capability.HISTORY ? 0 : 103);
            assertThat(presence(anna, "closed:a"))
                    .isEqualTo(capability == Capability.PRESENCE ? 0 : 103);
            assertThat(subscribe(anna, "closed:a"))
                    .isEqualTo(capability == Capability.SUBSCRIBE ? 0 : 103);
            assertThat(subscribe(anna, "closed:b")).isEqualTo(103);
        }
    }

    @Test
    void capabilitiesOpenNoPrivateChannelButAUserLimitedOne() {
        SimulatedNode node = node();
        node.authenticator().token("all", annaWith((_, _) -> true));
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("all");
        assertThat(subscribe(anna, "$closed:a")).isEqualTo(103);
        assertThat(subscribe(anna, "limited:a#bert")).isZero();
        assertThat(subscribe(anna, "unheard:a")).isEqualTo(102);
    }

    @Test
    void aNewTokenThatAllowsLessEndsWhatTheOldOneAllowed() {
        SimulatedNode node = node();
        node.authenticator()
                .token("all", annaWith((_, _) -> true))
                .token("one", annaWith((_, channel) -> channel.equals("closed:b")))
                .subscriptionToken("t", granted());
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("all");
        assertThat(subscribe(anna, "closed:a")).isZero();
        assertThat(subscribe(anna, "closed:b")).isZero();
        assertThat(subscribe(anna, "client:c")).isZero();
        assertThat(error(ask(anna, "closed:d", "t"))).isZero();
        assertThat(error(anna.ask(id -> new Command.Refresh(id, "one")))).isZero();
        node.simulation().run(Duration.ofSeconds(1));
        assertThat(anna.pushes())
                .filteredOn(push -> push instanceof Push.Unsubscribe)
                .containsExactly(new Push.Unsubscribe("closed:a", 2000, "server unsubscribe"));
        assertThat(history(anna, "closed:a")).isEqualTo(103);
        assertThat(history(anna, "closed:b")).isZero();
    }

    @Test
    void aSubscriptionsTokenMayAllowMoreWhileItLasts() {
        SimulatedNode node = node();
        node.authenticator()
                .subscriptionToken(
                        "t", granted(Capability.PUBLISH, Capability.PRESENCE, Capability.HISTORY))
                .subscriptionToken("less", granted());
        ScriptedClient anna = user(node, "anna");
        may(anna, "closed:a", false);
        assertThat(error(ask(anna, "closed:a", "t"))).isZero();
        may(anna, "closed:a", true);
        may(anna, "closed:b", false);
        assertThat(error(anna.ask(id -> new Command.SubRefresh(id, "closed:a", "less", 0))))
                .isZero();
        may(anna, "closed:a", false);
    }

    @Test
    void whoMayReadHistoryMayBePositionedAndRecover() {
        SimulatedNode node = node();
        ScriptedClient anna = user(node, "anna");
        SubscribeResult granted = anna.subscribe(request("subscriber:a", "", true));
        assertThat(granted.positioned()).isTrue();
        assertThat(granted.recoverable()).isTrue();
        node.authenticator().token("sub", annaWith((what, _) -> what == Capability.SUBSCRIBE));
        ScriptedClient other = node.client(setup.encoding);
        other.connect("sub");
        SubscribeResult refused = other.subscribe(request("closed:a", "", true));
        assertThat(refused.positioned()).isFalse();
        assertThat(refused.recoverable()).isFalse();
    }

    @Test
    void whoMaySeePresenceMaySeeWhoComesAndGoes() {
        SimulatedNode node = node();
        node.authenticator()
                .token("sub", annaWith((what, _) -> what == Capability.SUBSCRIBE))
                .token(
                        "prs",
                        annaWith((what, _) ->
                                what == Capability.SUBSCRIBE || what == Capability.PRESENCE));
        ScriptedClient blind = node.client(setup.encoding);
        blind.connect("sub");
        blind.subscribe(request("closed:a", "", true));
        ScriptedClient seeing = node.client(setup.encoding);
        seeing.connect("prs");
        seeing.subscribe(request("closed:a", "", true));
        ScriptedClient third = node.client(setup.encoding);
        third.connect("prs");
        third.subscribe("closed:a");
        node.simulation().run(Duration.ofSeconds(1));
        assertThat(seeing.pushes()).anyMatch(push -> push instanceof Push.Join);
        assertThat(blind.pushes()).noneMatch(push -> push instanceof Push.Join);
    }

    @Test
    void aNameThatTheNamespaceDoesNotAcceptIsRefusedByEveryCommand() {
        ScriptedClient anna = user(node(), "anna");
        assertThat(subscribe(anna, "digits:x")).isEqualTo(107);
        assertThat(publish(anna, "digits:x")).isEqualTo(107);
        assertThat(history(anna, "digits:x")).isEqualTo(107);
        assertThat(presence(anna, "digits:x")).isEqualTo(107);
        assertThat(publish(anna, "digits:1")).isZero();
    }
}
