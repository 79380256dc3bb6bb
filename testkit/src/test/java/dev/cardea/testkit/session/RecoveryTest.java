package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class RecoveryTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node(ChannelSettings settings) {
        return setup.node().channels(settings).start();
    }

    private static ChannelSettings history() {
        return ChannelSettings.of("").history(10, Duration.ofMinutes(5));
    }

    @Test
    void aRecoverableSubscriptionSaysWhereTheStreamStands() {
        SimulatedNode node = node(history().forceRecovery());
        node.publish("news", "1");
        node.publish("news", "2");

        SubscribeResult result = node.client(setup.encoding).connected().subscribe("news");

        assertThat(result.recoverable()).isTrue();
        assertThat(result.positioned()).isTrue();
        assertThat(result.offset()).isEqualTo(2);
        assertThat(result.epoch()).isNotEmpty();
        assertThat(result.wasRecovering()).isFalse();
        assertThat(result.recovered()).isFalse();
        assertThat(result.publications()).isEmpty();
    }

    @Test
    void recoveryAndPositioningAreGrantedWhereTheyAreAskedForAndAllowed() {
        SimulatedNode node = node(history().allowRecovery().allowPositioning());
        ScriptedClient client = node.client(setup.encoding).connected();

        SubscribeResult plain = client.subscribe("a");
        SubscribeResult recoverable = client.subscribe(asking("b", false, true));
        SubscribeResult positioned = client.subscribe(asking("c", true, false));

        assertThat(plain.positioned()).isFalse();
        assertThat(plain.epoch()).isEmpty();
        assertThat(recoverable.recoverable()).isTrue();
        assertThat(recoverable.positioned()).isTrue();
        assertThat(positioned.recoverable()).isFalse();
        assertThat(positioned.positioned()).isTrue();
        assertThat(positioned.epoch()).isNotEmpty();
    }

    @Test
    void recoveryIsNotGrantedWhereItIsNotAllowedOrThereIsNoHistory() {
        SimulatedNode node =
                setup.node()
                        .channels(history().subscribeOnly())
                        .channels(ChannelSettings.of("live").allowRecovery().allowPositioning())
                        .start();
        ScriptedClient client = node.client(setup.encoding).connected();
        node.publish("a", "1");

        SubscribeResult result = client.recover("a", "", 0);

        assertThat(result.recoverable()).isFalse();
        assertThat(result.wasRecovering()).isTrue();
        assertThat(result.recovered()).isFalse();
        assertThat(result.publications()).isEmpty();
        assertThat(client.subscribe(asking("live:b", true, true)).positioned()).isFalse();
    }

    private static SubscribeRequest asking(
            String channel, boolean positioned, boolean recoverable) {
        return new SubscribeRequest(
                channel,
                "",
                false,
                "",
                0,
                Bytes.EMPTY,
                positioned,
                recoverable,
                false,
                "",
                null,
                0,
                0);
    }

    @Test
    void whatWasMissedComesWithTheReplyAndWhatFollowsAfterIt() {
        SimulatedNode node = node(history().forceRecovery());
        for (int i = 1; i <= 5; i++) node.publish("news", Integer.toString(i));
        ScriptedClient client = node.client(setup.encoding).connected();

        SubscribeResult result = client.recover("news", epoch(node), 2);
        node.publish("news", "6");
        node.simulation().run();

        assertThat(result.recovered()).isTrue();
        assertThat(result.wasRecovering()).isTrue();
        assertThat(result.offset()).isEqualTo(2);
        assertThat(data(result)).containsExactly("3", "4", "5");
        assertThat(result.publications().getFirst().offset()).isEqualTo(3);
        assertThat(client.data("news")).containsExactly("6");
        assertThat(client.publications("news").getFirst().offset()).isEqualTo(6);
    }

    @Test
    void whoMissedNothingHasRecovered() {
        SimulatedNode node = node(history().forceRecovery());
        node.publish("news", "1");

        SubscribeResult result =
                node.client(setup.encoding).connected().recover("news", epoch(node), 1);

        assertThat(result.recovered()).isTrue();
        assertThat(result.publications()).isEmpty();
        assertThat(result.offset()).isEqualTo(1);
    }

    @Test
    void anEmptyEpochIsTakenForTheStreams() {
        SimulatedNode node = node(history().forceRecovery());
        node.publish("news", "1");

        SubscribeResult result = node.client(setup.encoding).connected().recover("news", "", 0);

        assertThat(result.recovered()).isTrue();
        assertThat(data(result)).containsExactly("1");
    }

    @Test
    void theFirstPublicationOfAStreamCarriesItsEpoch() {
        SimulatedNode node = node(history().forceRecovery());
        ScriptedClient client = node.client(setup.encoding).connected();
        SubscribeResult result = client.subscribe("news");

        node.publish("news", "1");
        node.publish("news", "2");
        node.simulation().run();

        assertThat(client.publications("news").getFirst().epoch()).isEqualTo(result.epoch());
        assertThat(client.publications("news").getLast().epoch()).isEmpty();
    }

    @Test
    void anotherEpochIsNotRecovered() {
        SimulatedNode node = node(history().forceRecovery());
        node.publish("news", "1");

        SubscribeResult result =
                node.client(setup.encoding).connected().recover("news", "another", 0);

        assertThat(result.recovered()).isFalse();
        assertThat(result.wasRecovering()).isTrue();
        assertThat(result.publications()).isEmpty();
        assertThat(result.epoch()).isEqualTo(epoch(node));
        assertThat(result.offset()).isEqualTo(1);
    }

    @Test
    void whatHistoryHasDroppedIsNotRecovered() {
        SimulatedNode node = node(history().forceRecovery());
        for (int i = 1; i <= 12; i++) node.publish("news", Integer.toString(i));
        ScriptedClient client = node.client(setup.encoding).connected();

        assertThat(client.recover("news", epoch(node), 1).recovered()).isFalse();
        client.unsubscribe("news");
        assertThat(client.recover("news", epoch(node), 2).publications()).hasSize(10);
    }

    @Test
    void anOffsetAboveTheTopIsNotRecovered() {
        SimulatedNode node = node(history().forceRecovery());
        node.publish("news", "1");
        ScriptedClient client = node.client(setup.encoding).connected();

        assertThat(client.recover("news", epoch(node), 7).recovered()).isFalse();
    }

    @Test
    void moreThanTheLimitIsNotRecovered() {
        SimulatedNode node =
                setup.node()
                        .client(new ClientSettings().recoveryLimit(3))
                        .channels(history().forceRecovery())
                        .start();
        for (int i = 1; i <= 5; i++) node.publish("news", Integer.toString(i));
        ScriptedClient client = node.client(setup.encoding).connected();

        assertThat(client.recover("news", epoch(node), 1).recovered()).isFalse();
        client.unsubscribe("news");
        assertThat(client.recover("news", epoch(node), 2).recovered()).isTrue();
    }

    @Test
    void aClientMayAskForAnErrorInsteadOfBeginningAnew() {
        SimulatedNode node = node(history().forceRecovery());
        node.publish("news", "1");
        ScriptedClient client = node.client(setup.encoding).connected();

        assertThat(error(client.ask(id -> new Command.Subscribe(id, refusing("another")))))
                .isEqualTo(112);
        assertThat(node.node().counters().subscriptions()).isZero();
        assertThat(client.subscribe(refusing("")).recovered()).isTrue();
    }

    private static SubscribeRequest refusing(String epoch) {
        return new SubscribeRequest(
                "news",
                "",
                true,
                epoch,
                0,
                Bytes.EMPTY,
                false,
                true,
                false,
                "",
                null,
                SubscribeRequest.FLAG_REFUSE_UNRECOVERED,
                0);
    }

    @Test
    void whatDoesNotFitIntoOneReplyFollowsAsPublications() {
        SimulatedNode node =
                setup.node()
                        .channels(
                                ChannelSettings.of("")
                                        .history(100, Duration.ofMinutes(5))
                                        .forceRecovery())
                        .start();
        String large = "\"" + "x".repeat(300_000) + "\"";
        for (int i = 1; i <= 8; i++) node.publish("news", large);
        ScriptedClient client = node.client(setup.encoding).connected();

        SubscribeResult result = client.recover("news", epoch(node), 0);
        node.publish("news", "9");
        node.simulation().run();

        assertThat(result.recovered()).isTrue();
        assertThat(result.publications()).hasSize(3);
        assertThat(client.publications("news").stream().map(p -> p.offset()))
                .containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void whatHistoryDropsBeforeItCouldFollowIsNotPassedOver() {
        SimulatedNode node = node(history().forceRecovery());
        String large = "\"" + "x".repeat(300_000) + "\"";
        for (int i = 1; i <= 8; i++) node.publish("news", large);
        ScriptedClient client = node.client(setup.encoding).connected();
        client.stall();
        int id =
                client.tell(i ->
                        new Command.Subscribe(
                                i, ScriptedClient.recoverRequest("news", epoch(node), 0)));
        node.simulation().run(Duration.ofSeconds(1)); // the reply, with 1 to 3, is on its way
        for (int i = 9; i <= 18; i++) node.publish("news", "{}"); // history begins at 9 now
        client.resume();

        assertThat(client.answer(id)).isInstanceOf(Reply.Subscribe.class);
        assertThat(client.pushes())
                .containsExactly(new Push.Unsubscribe("news", 2500, "insufficient state"));
    }

    @Test
    void publicationsKeptOutOfHistoryHaveNoOffsetAndKeepTheirPlace() {
        SimulatedNode node = node(history().forceRecovery());
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");

        node.publish("news", "1");
        node.publish(
                "news",
                Publication.of(Bytes.utf8("\"live\"")),
                new PublishOptions("", true, 0, ""));
        node.publish("news", "2");
        node.simulation().run();

        assertThat(client.data("news")).containsExactly("1", "\"live\"", "2");
        assertThat(client.publications("news").stream().map(p -> p.offset()))
                .containsExactly(1L, 0L, 2L);
    }

    @Test
    void inCacheModeTheNewestPublicationIsRecovered() {
        SimulatedNode node = node(history().forceRecovery().cache());
        for (int i = 1; i <= 3; i++) node.publish("news", Integer.toString(i));
        ScriptedClient client = node.client(setup.encoding).connected();

        SubscribeResult result = client.recover("news", "another", 1);
        node.publish("news", "4");
        node.simulation().run();

        assertThat(result.recovered()).isTrue();
        assertThat(data(result)).containsExactly("3");
        assertThat(result.offset()).isEqualTo(1);
        assertThat(client.data("news")).containsExactly("4");
    }

    @Test
    void inCacheModeWhoHasTheNewestGetsNothing() {
        SimulatedNode node = node(history().forceRecovery().cache());
        node.publish("news", "1");

        SubscribeResult result =
                node.client(setup.encoding).connected().recover("news", epoch(node), 1);

        assertThat(result.recovered()).isTrue();
        assertThat(result.publications()).isEmpty();
    }

    @Test
    void inCacheModeNothingIsRecoveredWhereNothingIsKept() {
        SimulatedNode node = node(history().forceRecovery().cache());

        SubscribeResult result = node.client(setup.encoding).connected().recover("news", "x", 5);

        assertThat(result.recovered()).isFalse();
        assertThat(result.publications()).isEmpty();
    }

    @Test
    void theServerMayGiveTheNewestUnasked() {
        SimulatedNode node = node(history().forceRecovery().autoCacheRecover());
        node.publish("news", "1");
        node.publish("news", "2");

        SubscribeResult result = node.client(setup.encoding).connected().subscribe("news");

        assertThat(result.wasRecovering()).isTrue();
        assertThat(result.recovered()).isTrue();
        assertThat(data(result)).containsExactly("2");
    }

    @Test
    void recoveriesAreCounted() {
        SimulatedNode node = node(history().forceRecovery());
        node.publish("news", "1");
        ScriptedClient client = node.client(setup.encoding).connected();
        client.recover("news", epoch(node), 0);
        client.unsubscribe("news");
        client.recover("news", "another", 0);
        client.unsubscribe("news");
        client.subscribe("news");

        assertThat(node.node().counters().recoveries(true)).isEqualTo(1);
        assertThat(node.node().counters().recoveries(false)).isEqualTo(1);
    }

    private static List<String> data(SubscribeResult result) {
        return result.publications().stream().map(p -> p.data().toUtf8()).toList();
    }

    static String epoch(SimulatedNode node) {
        return Objects.requireNonNull(node.hub().find("news")).log().top().epoch();
    }
}
