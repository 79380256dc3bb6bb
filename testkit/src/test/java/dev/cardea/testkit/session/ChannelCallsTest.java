package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.ChannelOptions.Permissions;
import dev.cardea.messaging.hub.ChannelOptions.PublicationDataFormat;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ChannelCallsTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node() {
        return setup.node()
                .channels(ChannelSettings.of("").history(10, Duration.ofMinutes(5)).presence())
                .channels(ChannelSettings.of("live"))
                .channels(
                        ChannelSettings.of("dated")
                                .publicationTime()
                                .history(10, Duration.ofMinutes(5)))
                .channels(
                        ChannelSettings.of("closed")
                                .history(10, Duration.ofMinutes(5))
                                .presence()
                                .permissions(Permissions.NONE))
                .channels(
                        ChannelSettings.of("members")
                                .history(10, Duration.ofMinutes(5))
                                .presence()
                                .permissions(forSubscribers()))
                .channels(ChannelSettings.of("json").dataFormat(PublicationDataFormat.JSON))
                .channels(
                        ChannelSettings.of("object").dataFormat(PublicationDataFormat.JSON_OBJECT))
                .channels(ChannelSettings.of("binary").dataFormat(PublicationDataFormat.BINARY))
                .start();
    }

    private static Permissions forSubscribers() {
        return new Permissions(
                true, true, false, false, true, true, false, true, true, false, true, true);
    }

    @Test
    void aPublisherGetsItsOwnPublicationToo() {
        SimulatedNode node = node();
        ScriptedClient anna = node.client(setup.encoding);
        String client = anna.connect("user:anna").client();
        ScriptedClient bert = node.client(setup.encoding).connected();
        anna.subscribe("news");
        bert.subscribe("news");

        assertThat(anna.publish("news", "{\"a\":1}")).isInstanceOf(Reply.Publish.class);
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(bert.data("news")).containsExactly("{\"a\":1}");
        assertThat(anna.data("news")).containsExactly("{\"a\":1}");
        assertThat(bert.publications("news").getFirst().info())
                .isEqualTo(new ClientInfo("anna", client, Bytes.EMPTY, Bytes.EMPTY));
        assertThat(node.node().counters().publications()).isEqualTo(1);
    }

    @Test
    void aPublicationSaysWhenItWasAcceptedWhereTheNamespaceWantsIt() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("dated:a");
        client.subscribe("live:a");
        node.simulation().run(Duration.ofSeconds(7));

        long before = node.simulation().unixMillis();
        client.publish("dated:a", "1");
        long after = node.simulation().unixMillis();
        node.simulation().run(Duration.ofSeconds(7));
        client.publish("live:a", "1");
        node.simulation().run(Duration.ofSeconds(1));

        long time = client.publications("dated:a").getFirst().timeMillis();
        assertThat(time).isBetween(before, after);
        assertThat(client.publications("live:a").getFirst().timeMillis()).isZero();
        assertThat(history(client, "dated:a", -1, null, false))
                .isInstanceOfSatisfying(
                        Reply.History.class,
                        kept ->
                                assertThat(kept.publications().getFirst().timeMillis())
                                        .isEqualTo(time));
    }

    @Test
    void publishingIsUpToTheNamespace() {
        ScriptedClient client = node().client(setup.encoding).connected();

        assertThat(error(client.publish("closed:a", "{}"))).isEqualTo(103);
        assertThat(error(client.publish("members:a", "{}"))).isEqualTo(103);
        client.subscribe("members:a");
        assertThat(error(client.publish("members:a", "{}"))).isZero();
        assertThat(error(client.publish("nowhere:a", "{}"))).isEqualTo(102);
        assertThat(error(client.publish("x".repeat(256), "{}"))).isEqualTo(107);
        client.tell(id -> ScriptedClient.publishCommand(id, "", "{}"));
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void whatMayBePublishedIsUpToTheNamespace() {
        ScriptedClient client = node().client(setup.encoding).connected();

        assertThat(error(client.publish("news", ""))).isEqualTo(107);
        assertThat(error(client.publish("json:a", "[1]"))).isZero();
        assertThat(error(client.publish("object:a", " {\"a\":[]}"))).isZero();
        assertThat(error(client.publish("object:a", "[1]"))).isEqualTo(107);
        assertThat(error(client.publish("binary:a", ""))).isZero();
        assertThat(
                        error(
                                client.ask(id ->
                                        new Command.Publish(
                                                id, "news", Bytes.utf8("{}"), 1, "k", false))))
                .isEqualTo(107);
    }

    @Test
    void aClientThatIsNoMemberMayDoEverythingWhereNothingIsSecure() {
        ScriptedClient client =
                setup.node()
                        .client(new ClientSettings().insecure())
                        .channels(
                                ChannelSettings.of("closed")
                                        .history(10, Duration.ofMinutes(5))
                                        .presence()
                                        .permissions(Permissions.NONE))
                        .start()
                        .client(setup.encoding)
                        .connected();

        assertThat(error(client.publish("closed:a", "{}"))).isZero();
        assertThat(error(history(client, "closed:a", -1, null, false))).isZero();
        assertThat(error(client.ask(id -> new Command.Presence(id, "closed:a")))).isZero();
    }

    @Test
    void historyIsReadForwardAndBackward() {
        SimulatedNode node = node();
        for (int i = 1; i <= 12; i++) node.publish("news", Integer.toString(i));
        ScriptedClient client = node.client(setup.encoding).connected();
        String epoch = epoch(node);

        assertThat(offsets(history(client, "news", -1, null, false)))
                .containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(offsets(history(client, "news", 2, null, false))).containsExactly(3L, 4L);
        assertThat(offsets(history(client, "news", 2, null, true))).containsExactly(12L, 11L);
        assertThat(offsets(history(client, "news", 2, new StreamPosition(10, epoch), false)))
                .containsExactly(11L, 12L);
        assertThat(offsets(history(client, "news", 2, new StreamPosition(10, epoch), true)))
                .containsExactly(9L, 8L);
        assertThat(offsets(history(client, "news", 1, new StreamPosition(1, epoch), false)))
                .as("a position that was trimmed is no error")
                .containsExactly(3L);
        assertThat(offsets(history(client, "news", 0, null, false))).isEmpty();
    }

    @Test
    void historySaysWhereTheStreamStands() {
        SimulatedNode node = node();
        for (int i = 1; i <= 3; i++) node.publish("news", Integer.toString(i));
        ScriptedClient client = node.client(setup.encoding).connected();

        Reply.History history = (Reply.History) history(client, "news", 0, null, false);

        assertThat(history.offset()).isEqualTo(3);
        assertThat(history.epoch()).isEqualTo(epoch(node));
    }

    @Test
    void historyGivesNoMoreThanTheLimit() {
        SimulatedNode node =
                setup.node()
                        .client(new ClientSettings().historyLimit(4))
                        .channels(ChannelSettings.of("").history(10, Duration.ofMinutes(5)))
                        .start();
        for (int i = 1; i <= 9; i++) node.publish("news", Integer.toString(i));
        ScriptedClient client = node.client(setup.encoding).connected();

        assertThat(offsets(history(client, "news", -1, null, false))).hasSize(4);
        assertThat(offsets(history(client, "news", 9, null, false))).hasSize(4);
        assertThat(offsets(history(client, "news", 3, null, false))).hasSize(3);
    }

    @Test
    void historyIsRefusedWhereItMakesNoSense() {
        SimulatedNode node = node();
        node.publish("news", "1");
        ScriptedClient client = node.client(setup.encoding).connected();

        assertThat(error(history(client, "live:a", 1, null, false))).isEqualTo(108);
        assertThat(error(history(client, "closed:a", 1, null, false))).isEqualTo(103);
        assertThat(error(history(client, "members:a", 1, null, false))).isEqualTo(103);
        assertThat(error(history(client, "nowhere:a", 1, null, false))).isEqualTo(102);
        assertThat(error(history(client, "news", 1, new StreamPosition(1, "other"), false)))
                .isEqualTo(112);
        assertThat(error(history(client, "news", 1, new StreamPosition(0, epoch(node)), true)))
                .isEqualTo(107);
        client.subscribe("members:a");
        assertThat(error(history(client, "members:a", 1, null, false))).isZero();
    }

    @Test
    void presenceNamesWhoIsSubscribed() {
        SimulatedNode node = node();
        ScriptedClient anna = node.client(setup.encoding);
        String first = anna.connect("user:anna").client();
        ScriptedClient again = node.client(setup.encoding);
        String second = again.connect("user:anna").client();
        anna.subscribe("news");
        again.subscribe("news");

        Reply.Presence presence = (Reply.Presence) anna.ask(id -> new Command.Presence(id, "news"));
        assertThat(presence.presence()).containsOnlyKeys(first, second);
        assertThat(Objects.requireNonNull(presence.presence().get(first)).user()).isEqualTo("anna");
        assertThat(anna.ask(id -> new Command.PresenceStats(id, "news")))
                .isEqualTo(new Reply.PresenceStats(4, 2, 1));

        again.cut();
        node.simulation().run(Duration.ofSeconds(1));
        assertThat(anna.ask(id -> new Command.PresenceStats(id, "news")))
                .isEqualTo(new Reply.PresenceStats(5, 1, 1));
    }

    @Test
    void presenceIsRefusedWhereItIsOffOrNotAllowed() {
        ScriptedClient client = node().client(setup.encoding).connected();

        assertThat(error(client.ask(id -> new Command.Presence(id, "live:a")))).isEqualTo(108);
        assertThat(error(client.ask(id -> new Command.PresenceStats(id, "live:a")))).isEqualTo(108);
        assertThat(error(client.ask(id -> new Command.Presence(id, "closed:a")))).isEqualTo(103);
        assertThat(error(client.ask(id -> new Command.Presence(id, "members:a")))).isEqualTo(103);
        client.subscribe("members:a");
        assertThat(error(client.ask(id -> new Command.Presence(id, "members:a")))).isZero();
    }

    private static Reply.Answer history(
            ScriptedClient client,
            String channel,
            int limit,
            @Nullable StreamPosition since,
            boolean reverse) {
        return client.ask(id -> new Command.History(id, channel, limit, since, reverse));
    }

    private static List<Long> offsets(Reply.Answer answer) {
        return ((Reply.History) answer).publications().stream().map(Publication::offset).toList();
    }

    private static String epoch(SimulatedNode node) {
        return RecoveryTest.epoch(node);
    }
}
