package dev.cardea.wire.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What npm centrifuge 5.7.4 sent to a recording server, in both encodings. */
class GoldenCommandsTest {
    private static final FilterNode FILTER =
            group(
                    "and",
                    leaf("env", "eq", "prod", List.of()),
                    group("not", leaf("level", "in", "", List.of("a", "b"))));

    private static final Command.Connect CONNECT =
            new Command.Connect(
                    1,
                    "tok",
                    Bytes.utf8("{\"a\":[1,\"é€😀\"]}"),
                    Map.of(),
                    "golden",
                    "1.2",
                    Map.of("X-Trace", "t\"1"),
                    0);

    private static final Command PUBLISH =
            new Command.Publish(
                    5, "plain", Bytes.utf8("{\"input\":\"hi\\nthere\",\"n\":1.5}"), 0, "", false);

    /** What followed the first message, each command in a message of its own. */
    private static final List<Command> FOLLOWING =
            List.of(
                    PUBLISH,
                    new Command.Publish(6, "plain", Bytes.utf8("null"), 0, "", false),
                    new Command.Presence(7, "plain"),
                    new Command.PresenceStats(8, "plain"),
                    new Command.History(9, "plain", -1, new StreamPosition(3, "ep"), true),
                    new Command.History(10, "plain", 0, null, false),
                    new Command.Rpc(11, "sum", Bytes.utf8("[1,2]")),
                    new Command.Send(0, Bytes.utf8("\"fire\"")),
                    new Command.Unsubscribe(12, "plain"),
                    new Command.Empty(0),
                    new Command.Refresh(13, "tok2"),
                    new Command.SubRefresh(14, "news:sport", "subtok2", 0));

    @Test
    void connectAndSubscribesInOneJsonMessage() {
        String message =
                "{\"connect\":{\"token\":\"tok\",\"data\":{\"a\":[1,\"é€😀\"]},\"name\":\"golden\","
                        + "\"version\":\"1.2\",\"headers\":{\"X-Trace\":\"t\\\"1\"}},\"id\":1}\n"
                        + "{\"subscribe\":{\"channel\":\"news:sport\",\"token\":\"subtok\","
                        + "\"data\":{\"k\":\"v\"},\"positioned\":true,\"recoverable\":true,"
                        + "\"join_leave\":true,\"flag\":1,\"recover\":true,\"offset\":5,"
                        + "\"epoch\":\"ep\",\"delta\":\"fossil\"},\"id\":2}\n"
                        + "{\"subscribe\":{\"channel\":\"filtered\",\"flag\":1,\"tf\":{\"op\":\"and\","
                        + "\"nodes\":[{\"key\":\"env\",\"cmp\":\"eq\",\"val\":\"prod\"},{\"op\":\"not\","
                        + "\"nodes\":[{\"key\":\"level\",\"cmp\":\"in\",\"vals\":[\"a\",\"b\"]}]}]}},"
                        + "\"id\":3}\n"
                        + "{\"subscribe\":{\"channel\":\"plain\",\"flag\":1},\"id\":4}";
        assertThat(read(Encoding.JSON, message.getBytes(UTF_8)))
                .containsExactly(
                        CONNECT,
                        news("fossil", null),
                        new Command.Subscribe(3, flagged("filtered", FILTER)),
                        new Command.Subscribe(4, flagged("plain", null)));
    }

    @Test
    void connectAndSubscribesInOneProtobufMessage() {
        String message =
                """
                3d080122390a03746f6b12157b2261223a5b312c22c3a9e282acf09f9880225d7d2206676f6c64656e
                2a03312e32320e0a07582d547261636512037422316508022a610a0a6e6577733a73706f7274120673
                7562746f6b180132026570380542097b226b223a2276227d4801500158016a300a03616e64320f1203
                656e761a026571220470726f6432180a036e6f74321112056c6576656c1a02696e2a01612a01627001
                4208032a3e0a0866696c74657265646a300a03616e64320f1203656e761a026571220470726f643218
                0a036e6f74321112056c6576656c1a02696e2a01612a016270010d08042a090a05706c61696e7001
                """;
        assertThat(read(Encoding.PROTOBUF, hex(message)))
                .containsExactly(
                        CONNECT,
                        news("", FILTER),
                        new Command.Subscribe(3, flagged("filtered", FILTER)),
                        new Command.Subscribe(4, flagged("plain", null)));
    }

    @Test
    void everyOtherCommandInJson() {
        List<String> messages =
                List.of(
                        "{\"publish\":{\"channel\":\"plain\",\"data\":{\"input\":\"hi\\nthere\",\"n\":1.5}},\"id\":5}",
                        "{\"publish\":{\"channel\":\"plain\",\"data\":null},\"id\":6}",
                        "{\"presence\":{\"channel\":\"plain\"},\"id\":7}",
                        "{\"presence_stats\":{\"channel\":\"plain\"},\"id\":8}",
                        "{\"history\":{\"channel\":\"plain\",\"since\":{\"offset\":3,\"epoch\":\"ep\"},"
                                + "\"limit\":-1,\"reverse\":true},\"id\":9}",
                        "{\"history\":{\"channel\":\"plain\"},\"id\":10}",
                        "{\"rpc\":{\"method\":\"sum\",\"data\":[1,2]},\"id\":11}",
                        "{\"send\":{\"data\":\"fire\"}}",
                        "{\"unsubscribe\":{\"channel\":\"plain\"},\"id\":12}",
                        "{}",
                        "{\"refresh\":{\"token\":\"tok2\"},\"id\":13}",
                        "{\"sub_refresh\":{\"channel\":\"news:sport\",\"token\":\"subtok2\"},\"id\":14}");
        List<Command> commands = new ArrayList<>();
        for (String message : messages) {
            commands.addAll(read(Encoding.JSON, message.getBytes(UTF_8)));
        }
        assertThat(commands).isEqualTo(FOLLOWING);
    }

    @Test
    void everyOtherCommandInProtobuf() {
        String messages =
                """
                2a08053a260a05706c61696e121d7b22696e707574223a2268695c6e7468657265222c226e223a312e357d
                1108063a0d0a05706c61696e12046e756c6c
                0b080742070a05706c61696e
                0b08084a070a05706c61696e
                200809521c0a05706c61696e38ffffffffffffffffff0142060803120265704801
                0b080a52070a05706c61696e
                10080b6a0c0a055b312c325d120373756d
                0a62080a06226669726522
                0b080c32070a05706c61696e
                00
                0a080d72060a04746f6b32
                19080e7a150a0a6e6577733a73706f72741207737562746f6b32
                """;
        List<Command> commands = new ArrayList<>();
        messages.lines().forEach(line -> commands.addAll(read(Encoding.PROTOBUF, hex(line))));
        assertThat(commands).isEqualTo(FOLLOWING);
    }

    private static Command news(String delta, @Nullable FilterNode tf) {
        return new Command.Subscribe(
                2,
                new SubscribeRequest(
                        "news:sport",
                        "subtok",
                        true,
                        "ep",
                        5,
                        Bytes.utf8("{\"k\":\"v\"}"),
                        true,
                        true,
                        true,
                        delta,
                        tf,
                        SubscribeRequest.FLAG_CHANNEL_COMPACTION,
                        0));
    }

    private static SubscribeRequest flagged(String channel, @Nullable FilterNode tf) {
        return new SubscribeRequest(
                channel,
                "",
                false,
                "",
                0,
                Bytes.EMPTY,
                false,
                false,
                false,
                "",
                tf,
                SubscribeRequest.FLAG_CHANNEL_COMPACTION,
                0);
    }

    private static FilterNode leaf(String key, String cmp, String val, List<String> vals) {
        return new FilterNode("", key, cmp, val, vals, List.of());
    }

    private static FilterNode group(String op, FilterNode... nodes) {
        return new FilterNode(op, "", "", "", List.of(), List.of(nodes));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    private static List<Command> read(Encoding encoding, byte[] bytes) {
        ByteBuffer message = ByteBuffer.wrap(bytes);
        List<Command> commands = new ArrayList<>();
        Command command;
        while ((command = encoding.server().next(message, 65_536)) != null) commands.add(command);
        return commands;
    }
}
