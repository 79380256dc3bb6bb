package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.connect;
import static dev.cardea.server.hostile.AttackedServer.publish;
import static dev.cardea.server.hostile.AttackedServer.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole messages that no well-behaved client sends. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
final class BadCommandsTest {
    private AttackedServer server;

    @BeforeEach
    void start() throws Exception {
        server = AttackedServer.start();
    }

    @AfterEach
    void theBystanderHasNotNoticed() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "null",
                "[]",
                "{\"id\":2",
                "{\"id\":2}}",
                "{\"id\":-2,\"ping\":{}}",
                "{\"id\":2.0,\"publish\":{\"channel\":\"a\",\"data\":{}}}",
                "{\"id\":4294967296,\"publish\":{\"channel\":\"a\",\"data\":{}}}",
                "{\"id\":1e400,\"publish\":{\"channel\":\"a\",\"data\":{}}}",
                "{\"id\":2,\"publish\":{\"channel\":\"a\",\"data\":{\"\\u12\":1}}}",
                "{\"id\":2,\"publish\":{\"channel\":\"a\",\"data\":01}}",
                "{\"id\":2,\"publish\":{\"channel\":\"\",\"data\":1}}",
                "{\"id\":2,\"subscribe\":{\"channel\":\"\"}}",
                "{\"id\":2,\"connect\":{}}",
                "{}", // a pong that nobody asked for
                "{\"id\":2}"
            })
    void nonsenseIsABadRequest(String message) throws Exception {
        try (CentrifugeSocket client = server.connected()) {
            client.socket().text(message);
            isClosedWith(3501, client);
        }
    }

    @Test
    void goodCommandsBeforeNonsenseAreAnswered() throws Exception {
        try (CentrifugeSocket client = server.connected()) {
            client.socket()
                    .text(
                            "{\"id\":2,\"publish\":{\"channel\":\"a\",\"data\":1}}\n{\"id\":3,\"publish\":}\n"
                                    + "{\"id\":4,\"publish\":{\"channel\":\"a\",\"data\":1}}");
            isClosedWith(3501, client);
            assertThat(client.seen()).endsWith(new Reply.Publish(2));
        }
    }

    @Test
    void jsonThatIsTenThousandDeepIsABadRequest() throws Exception {
        try (CentrifugeSocket client = server.connected()) {
            String deep = "[".repeat(10_000) + "]".repeat(10_000);
            client.socket()
                    .text("{\"id\":2,\"publish\":{\"channel\":\"a\",\"data\":" + deep + "}}");
            isClosedWith(3501, client);
        }
        try (CentrifugeSocket client = server.connected()) {
            String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
            client.socket().text(deep);
            isClosedWith(3501, client);
        }
    }

    @Test
    void aFilterThatIsTenThousandDeepIsRefusedAndTheConnectionGoesOn() throws Exception {
        server.close();
        server =
                AttackedServer.start(
                        """
                        client: {insecure: true}
                        channel: {without_namespace: {allow_tags_filter: true}}
                        websocket: {message_size_limit: 1048576}
                        """);
        for (String op : new String[] {"", "\"op\":\"not\",", "\"op\":\"and\","}) {
            String filter = ("{" + op + "\"nodes\":[").repeat(10_000) + "]}".repeat(10_000);
            try (CentrifugeSocket client = server.connected()) {
                client.socket()
                        .text("{\"id\":2,\"subscribe\":{\"channel\":\"a\",\"tf\":" + filter + "}}");
                assertThat(error(client.answer(2, SOON))).isEqualTo(107);
                client.send(subscribe(3, "a"));
                assertThat(client.answer(3, SOON)).isInstanceOf(Reply.Subscribe.class);
            }
        }
    }

    @Test
    void aNumberOfTenThousandDigitsIsABadRequest() throws Exception {
        for (String key : new String[] {"id", "history\":{\"channel\":\"a\",\"limit"}) {
            try (CentrifugeSocket client = server.connected()) {
                client.socket().text("{\"" + key + "\":" + "9".repeat(10_000) + "}");
                isClosedWith(3501, client);
            }
        }
    }

    @Test
    void hugeNumbersInsideAPayloadAreNoConcernOfOurs() throws Exception {
        try (CentrifugeSocket client = server.connected()) {
            client.send(subscribe(2, "a"));
            client.answer(2, SOON);
            String huge = "[1e400,-1E-99999," + "9".repeat(10_000) + "]";
            client.send(publish(3, "a", huge));
            Reply.Pushed pushed = client.await(Reply.Pushed.class, SOON);
            assertThat(pushed.toString()).contains(Bytes.utf8(huge).toString());
            client.send(publish(4, "a", "1"));
            assertThat(client.answer(4, SOON)).isEqualTo(new Reply.Publish(4));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "05 08 02", // two bytes of five
                "ff ff ff ff 0f 08", // four gigabytes
                "ff ff ff ff ff ff ff ff ff 01", // more than any length
                "80", // a length that doesn't end
                "06 08 02 22 7f 0a 01", // a request longer than its command
                "04 08 02 22 ff", // a length of a request that doesn't end
                "02 08 80", // an id that doesn't end
                "03 0b 08 02" // a group
            })
    void aProtobufLengthThatLiesIsABadRequest(String hex) throws Exception {
        try (CentrifugeSocket client = server.connectedProtobuf()) {
            client.socket().binary(HexFormat.of().parseHex(hex.replace(" ", "")));
            isClosedWith(3501, client);
        }
    }

    @Test
    void anythingBeforeConnectIsABadRequest() throws Exception {
        for (Command command :
                new Command[] {
                    subscribe(1, "a"),
                    publish(1, "a", "1"),
                    new Command.Ping(1),
                    new Command.Empty(0)
                }) {
            try (CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
                client.send(command);
                isClosedWith(3501, client);
            }
        }
    }

    @Test
    void anEmptyFrameBeforeConnectIsABadRequest() throws Exception {
        try (CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
            client.socket().text("");
            isClosedWith(3501, client);
        }
    }

    @Test
    void aSecondConnectInTheSameFrameIsABadRequest() throws Exception {
        try (CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
            client.send(connect(""), connect(""));
            client.answer(1, SOON);
            isClosedWith(3501, client);
        }
    }

    @Test
    void aChannelNameOf300BytesIsRefusedAndTheConnectionGoesOn() throws Exception {
        try (CentrifugeSocket client = server.connected()) {
            String longName = "c".repeat(300);
            client.send(
                    subscribe(2, longName),
                    publish(3, longName, "1"),
                    subscribe(4, "c".repeat(255)));
            assertThat(error(client.answer(2, SOON))).isEqualTo(107);
            assertThat(error(client.answer(3, SOON))).isEqualTo(107);
            assertThat(client.answer(4, SOON)).isInstanceOf(Reply.Subscribe.class);
        }
    }

    @Test
    void subscribesPastTheLimitAreRefusedOneByOne() throws Exception {
        try (CentrifugeSocket client = server.connected()) {
            int flood = 5_000;
            Command[] commands = new Command[250];
            for (int from = 0; from < flood; from += commands.length) {
                for (int i = 0; i < commands.length; i++) {
                    commands[i] = subscribe(2 + from + i, "channel" + (from + i));
                }
                client.send(commands);
            }
            for (int i = 0; i < flood; i++) {
                Reply.Answer answer = (Reply.Answer) client.next(SOON);
                assertThat(answer.id()).isEqualTo(2 + i);
                if (i < 128) assertThat(answer).isInstanceOf(Reply.Subscribe.class);
                else assertThat(error(answer)).isEqualTo(106);
            }
            client.send(new Command.Unsubscribe(10_000, "channel0"), subscribe(10_001, "another"));
            client.answer(10_000, SOON);
            assertThat(client.answer(10_001, SOON)).isInstanceOf(Reply.Subscribe.class);
        }
    }

    private static int error(Reply answer) {
        return answer instanceof Reply.Error error ? error.code() : 0;
    }

    static void isClosedWith(int code, CentrifugeSocket client) throws IOException {
        assertThat(client.awaitEnd(SOON))
                .isInstanceOfSatisfying(
                        Incoming.Close.class, close -> assertThat(close.code()).isEqualTo(code));
    }
}
