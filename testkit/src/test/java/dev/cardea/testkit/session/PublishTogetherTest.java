package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.ForwardingBroker;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Publications don't wait for each other, where the broker keeps their order; all else does. */
class PublishTogetherTest {
    private static final String CHANNEL = "news";

    /** Answers a publication when it is told to. */
    private static final class AnswersLater extends ForwardingBroker {
        private final ArrayDeque<CompletableFuture<Published>> asked = new ArrayDeque<>();
        private final List<String> given = new ArrayList<>();
        private boolean isOrdered = true;

        AnswersLater(Broker behind) {
            super(behind);
        }

        @Override
        public boolean keepsOrder(String channel, ChannelOptions options) {
            return isOrdered;
        }

        @Override
        public CompletionStage<Published> publish(
                String channel,
                ChannelOptions options,
                Publication publication,
                PublishOptions how) {
            given.add(publication.data().toUtf8());
            CompletableFuture<Published> later = new CompletableFuture<>();
            asked.add(later);
            return super.publish(channel, options, publication, how)
                    .thenCombine(later, (a, _) -> a);
        }

        void answer() {
            var _ = asked.remove().complete(new Published(new StreamPosition(0, "")));
        }

        void answerLast() {
            var _ = asked.removeLast().complete(new Published(new StreamPosition(0, "")));
        }

        void fail() {
            var _ = asked.remove().completeExceptionally(new IllegalStateException("gone"));
        }
    }

    private final Simulation simulation = Simulation.seeded(1);
    private final AnswersLater[] broker = new AnswersLater[1];
    private final SimulatedNode node =
            SimulatedNode.in(simulation)
                    .broker(behind -> broker[0] = new AnswersLater(behind))
                    .channels(ChannelSettings.of("").history(1_000, Duration.ofMinutes(5)))
                    .start();
    private final ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();

    private int[] publish(int count, String data) {
        int[] ids = new int[count];
        Command[] commands = new Command[count];
        for (int i = 0; i < count; i++) {
            ids[i] = client.nextId();
            commands[i] = ScriptedClient.publishCommand(ids[i], CHANNEL, data);
        }
        client.send(commands);
        simulation.run();
        return ids;
    }

    @Test
    void publicationsAreGivenToTheBrokerBeforeTheFirstIsAnswered() {
        int[] ids = publish(3, "{}");
        assertThat(broker[0].given).hasSize(3);
        assertThat(client.find(ids[0])).isNull();
        for (int i = 0; i < 3; i++) broker[0].answer();
        simulation.run();
        for (int id : ids) assertThat(client.answer(id)).isInstanceOf(Reply.Publish.class);
    }

    @Test
    void oneAfterTheOtherWhereTheBrokerKeepsNoOrder() {
        broker[0].isOrdered = false;
        publish(3, "{}");
        assertThat(broker[0].given).hasSize(1);
        broker[0].answer();
        simulation.run();
        assertThat(broker[0].given).hasSize(2);
    }

    @Test
    void whateverElseIsAskedFindsThemDone() {
        publish(2, "{}");
        int asked = client.tell(id -> new Command.History(id, CHANNEL, 10, null, false));
        int behind = publish(1, "{}")[0];
        broker[0].answer();
        simulation.run();
        assertThat(client.find(asked)).isNull();
        broker[0].answer();
        simulation.run();
        assertThat(client.answer(asked)).isInstanceOf(Reply.History.class);
        assertThat(broker[0].given).hasSize(3);
        broker[0].answer();
        simulation.run();
        assertThat(client.answer(behind)).isInstanceOf(Reply.Publish.class);
    }

    @Test
    void answersAreToldInTheOrderOfTheQuestions() {
        int[] ids = publish(2, "{}");
        broker[0].answerLast();
        simulation.run();
        assertThat(client.find(ids[1])).isNull();
        broker[0].answer();
        simulation.run();
        assertThat(
                        client.heard().stream()
                                .filter(Reply.Publish.class::isInstance)
                                .map(r -> ((Reply.Publish) r).id()))
                .containsExactly(ids[0], ids[1]);
    }

    @Test
    void oneThatFailsIsRefusedAloneAndTheOthersStand() {
        int[] ids = publish(3, "{}");
        broker[0].answer();
        broker[0].fail();
        broker[0].answer();
        simulation.run();
        assertThat(client.answer(ids[0])).isInstanceOf(Reply.Publish.class);
        assertThat(error(client.answer(ids[1]))).isEqualTo(100);
        assertThat(client.answer(ids[2])).isInstanceOf(Reply.Publish.class);
    }

    @Test
    void soManyAreUnderWayAndNoMore() {
        publish(1_000, "{}");
        assertThat(broker[0].given).hasSize(256);
        broker[0].answer();
        simulation.run();
        assertThat(broker[0].given).hasSize(257);
        while (!broker[0].asked.isEmpty()) {
            broker[0].answer();
            simulation.run();
        }
        assertThat(broker[0].given).hasSize(1_000);
    }

    @Test
    void soManyBytesAreUnderWayAndNoMore() {
        publish(20, "\"" + "x".repeat(50_000) + "\"");
        assertThat(broker[0].given).hasSize(6);
    }

    @Test
    void aPongGoesThroughAndABrokerThatStaysSilentEndsTheConnection() {
        publish(2, "{}");
        simulation.run(Duration.ofSeconds(20));
        assertThat(client.closed()).isNull();
        broker[0].answer(); // it does answer
        simulation.run(Duration.ofSeconds(20));
        assertThat(client.closed()).isNull();
        simulation.run(Duration.ofMinutes(2));
        assertThat(client.closeCode()).isEqualTo(Disconnect.SERVER_ERROR.code());
        broker[0].answer(); // nobody is left to hear it
        simulation.run();
    }

    @Test
    void anAnswerAfterTheClientHasGoneIsNobodys() {
        publish(2, "{}");
        client.cut();
        simulation.run();
        broker[0].answer();
        broker[0].fail();
        simulation.run();
        assertThat(
                        node.await(
                                        node.broker()
                                                .history(
                                                        CHANNEL,
                                                        node.options(CHANNEL),
                                                        Broker.HistoryQuery.TOP))
                                .top()
                                .offset())
                .isEqualTo(2);
    }
}
