package dev.cardea.server.mercure;

import static dev.cardea.server.mercure.RunningHub.SUBSCRIBE_ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MappedNamespaceTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static RunningHub hub() throws Exception {
        return new RunningHub("anonymous: true", "namespace: news");
    }

    @Test
    void whatIsPublishedOnTheHubArrivesInTheChannel() throws Exception {
        try (RunningHub hub = hub()) {
            hub.publish("topic=https://example.com/1&data=%7B%22a%22:1%7D");
            hub.publish("topic=https://example.com/1&topic=other&data=some+%22text%22");
            hub.publish("topic=https://example.com/1&data=secret&private");
            assertThat(
                            hub.api(
                                    "history",
                                    "{\"channel\":\"news:https://example.com/1\",\"limit\":10}"))
                    .contains("{\"data\":{\"a\":1},\"offset\":1")
                    .contains("{\"data\":\"some \\\"text\\\"\",\"offset\":2")
                    .doesNotContain("secret");
            assertThat(hub.api("history", "{\"channel\":\"news:other\",\"limit\":10}"))
                    .contains("some ");
            assertThat(
                            hub.api(
                                    "history",
                                    "{\"channel\":\"$news:https://example.com/1\",\"limit\":10}"))
                    .contains("secret");
        }
    }

    @Test
    void whatIsPublishedInTheChannelArrivesOnTheHub() throws Exception {
        try (RunningHub hub = hub();
                RunningHub.Stream stream = hub.subscribe("topic=" + RunningHub.encoded("/n/{id}"));
                RunningHub.Stream allowed =
                        hub.subscribe("topic=/n/1", "Authorization", "Bearer " + SUBSCRIBE_ZERO)) {
            hub.api("publish", "{\"channel\":\"$news:/n/1\",\"data\":\"secret\"}");
            String same =
                    "{\"channel\":\"news:/n/1\",\"data\":{\"n\":1},\"idempotency_key\":\"x\"}";
            hub.api("publish", same);
            hub.api("publish", same);
            hub.api("publish", "{\"channel\":\"news:/n/1\",\"data\":{\"n\":2}}");
            // nobody makes the hub's own events that way
            hub.api(
                    "publish",
                    "{\"channel\":\"news:/.well-known/mercure/subscriptions/a/b\",\"data\":1}");
            assertThat(stream.data(2)).containsExactly("{\"n\":1}", "{\"n\":2}");
            assertThat(allowed.data(3)).containsExactly("\"secret\"", "{\"n\":1}", "{\"n\":2}");
        }
    }

    @Test
    void aClientOfTheChannelHearsTheHubAndTheHubHears() throws Exception {
        try (RunningHub hub = hub();
                RunningHub.Stream stream = hub.subscribe("match=t");
                CentrifugeSocket client =
                        CentrifugeSocket.connectJson("127.0.0.1", hub.server.port(), SOON)) {
            client.send(
                    new Command.Connect(1, "", Bytes.EMPTY, Map.of(), "", "", Map.of(), 0),
                    new Command.Subscribe(2, SubscribeRequest.to("news:t")));
            assertThat(client.answer(2, SOON)).isInstanceOf(Reply.Subscribe.class);
            hub.publish("topic=t&data=%7B%22from%22:%22hub%22%7D");
            Push.Pub pub = (Push.Pub) client.await(Reply.Pushed.class, SOON).push();
            assertThat(pub.publication().data().toUtf8()).isEqualTo("{\"from\":\"hub\"}");
            client.send(
                    new Command.Publish(
                            3, "news:t", Bytes.utf8("{\"from\":\"client\"}"), 0, "", false));
            assertThat(stream.data(2))
                    .containsExactly("{\"from\":\"hub\"}", "{\"from\":\"client\"}");
        }
    }
}
