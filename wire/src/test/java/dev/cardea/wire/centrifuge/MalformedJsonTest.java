package dev.cardea.wire.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JSON codec takes and refuses besides what clients really send. */
class MalformedJsonTest {
    private static final JsonCodec CODEC = new JsonCodec();

    private static @Nullable Command next(String message) {
        return CODEC.next(ByteBuffer.wrap(message.getBytes(UTF_8)), 65_536);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                " ",
                "\n{}",
                "[]",
                "null",
                "1",
                "{} {}",
                "{}{}",
                "{},{}",
                "{\"id\":4294967296}",
                "{\"id\":-1}",
                "{\"id\":1.0}",
                "{\"id\":1e400}",
                "{\"id\":\"1\"}",
                "{\"id\":true}",
                "{\"connect\":[]}",
                "{\"connect\":1}",
                "{\"connect\":{\"token\":1}}",
                "{\"connect\":{\"subs\":[]}}",
                "{\"connect\":{\"headers\":{\"a\":1}}}",
                "{\"subscribe\":{\"offset\":18446744073709551616}}",
                "{\"subscribe\":{\"recover\":1}}",
                "{\"subscribe\":{\"tf\":[]}}",
                "{\"subscribe\":{\"tf\":{\"nodes\":[null]}}}",
                "{\"history\":{\"limit\":2147483648}}",
                "{\"history\":{\"since\":3}}",
                "{\"publish\":{\"data\":}}",
                "{\"publish\":{\"data\":{]}}",
                "{\"publish\":{\"data\":nul}}",
                "{\"publish\":{}",
                "{\"unknown\":tru}"
            })
    void isRefused(String message) {
        assertThatThrownBy(() -> next(message)).isInstanceOf(Malformed.class);
    }

    @Test
    void anEmptyMessageHoldsNothing() {
        assertThat(next("")).isNull();
    }

    @Test
    void oneLineFeedMayEndTheMessageButEmptyLinesAreNoCommands() {
        ByteBuffer message = ByteBuffer.wrap("{\"id\":1}\n{\"id\":2}\r\n".getBytes(UTF_8));
        assertThat(CODEC.next(message, 100)).isEqualTo(new Command.Empty(1));
        assertThat(CODEC.next(message, 100)).isEqualTo(new Command.Empty(2));
        assertThat(CODEC.next(message, 100)).isNull();
        ByteBuffer gap = ByteBuffer.wrap("{}\n\n".getBytes(UTF_8));
        assertThat(CODEC.next(gap, 100)).isEqualTo(new Command.Empty(0));
        assertThatThrownBy(() -> CODEC.next(gap, 100)).isInstanceOf(Malformed.class);
    }

    @Test
    void unknownMembersAreIgnoredAndNullIsAbsent() {
        assertThat(
                        next(
                                "{\"x\":[{\"id\":9}],\"id\":1,\"connect\":null,"
                                        + "\"subscribe\":{\"x\":{},\"channel\":\"a\",\"token\":null,"
                                        + "\"tf\":null,\"offset\":null,\"recover\":null}}"))
                .isEqualTo(new Command.Subscribe(1, SubscribeRequest.to("a")));
    }

    @Test
    void theLastOfSeveralMembersWithOneNameCounts() {
        assertThat(
                        next(
                                "{\"id\":1,\"presence\":{\"channel\":\"a\"},\"id\":2,"
                                        + "\"presence\":{\"channel\":\"b\",\"channel\":\"c\"}}"))
                .isEqualTo(new Command.Presence(2, "c"));
    }

    @Test
    void theFirstRequestInTheProtocolsOrderCountsWhereverItStands() {
        assertThat(next("{\"send\":{},\"rpc\":{\"method\":\"m\"},\"refresh\":{},\"id\":1}"))
                .isEqualTo(new Command.Rpc(1, "m", Bytes.EMPTY));
        assertThat(next("{\"publish\":{},\"subscribe\":{\"channel\":\"a\"},\"rpc\":{},\"id\":1}"))
                .isEqualTo(new Command.Subscribe(1, SubscribeRequest.to("a")));
    }

    @Test
    void aPayloadIsKeptAsItWasWritten() {
        assertThat(next("{\"rpc\":{\"data\": {\"a\" : 1.50E1, \"b\":\"\\u0041\"} }}"))
                .isEqualTo(
                        new Command.Rpc(0, "", Bytes.utf8("{\"a\" : 1.50E1, \"b\":\"\\u0041\"}")));
    }

    @Test
    void aCommandMayBeAsLongAsTheLimitItsLineFeedNotCounted() {
        ByteBuffer message = ByteBuffer.wrap("{\"id\":12}\n{\"id\":123}".getBytes(UTF_8));
        assertThat(CODEC.next(message, 9)).isEqualTo(new Command.Empty(12));
        assertThatThrownBy(() -> CODEC.next(message, 9)).isInstanceOf(Malformed.class);
    }

    @Test
    void aFilterIsReadAsDeepAsTheLimitAndWhatIsDeeperIsSteppedOver() {
        assertThat(innermost(filter(FilterNode.MAX_DEPTH))).isNotEqualTo(FilterNode.TOO_MUCH);
        for (int depth : new int[] {FilterNode.MAX_DEPTH + 1, 10_000, 1_000_000}) {
            assertThat(innermost(filter(depth))).isEqualTo(FilterNode.TOO_MUCH);
        }
    }

    @Test
    void aFilterIsReadAsFarAsItHasNoMoreNodesThanTheLimit() {
        FilterNode root =
                filterOf("{\"subscribe\":{\"tf\":{\"nodes\":[{}" + ",{}".repeat(20_000) + "]}}}");
        assertThat(root.nodes().get(FilterNode.MAX_NODES - 2)).isNotEqualTo(FilterNode.TOO_MUCH);
        assertThat(root.nodes().get(FilterNode.MAX_NODES - 1)).isEqualTo(FilterNode.TOO_MUCH);
    }

    private static FilterNode innermost(String message) {
        FilterNode node = filterOf(message);
        while (!node.nodes().isEmpty()) node = node.nodes().getFirst();
        return node;
    }

    private static FilterNode filterOf(String message) {
        Command command = CODEC.next(ByteBuffer.wrap(message.getBytes(UTF_8)), 1 << 25);
        if (!(command instanceof Command.Subscribe subscribe)) throw new AssertionError(command);
        FilterNode filter = subscribe.request().tf();
        if (filter == null) throw new AssertionError("no filter");
        return filter;
    }

    private static String filter(int depth) {
        return "{\"subscribe\":{\"tf\":"
                + "{\"nodes\":[".repeat(depth - 1)
                + "{}"
                + "]}".repeat(depth - 1)
                + "}}";
    }

    @Test
    @Timeout(20)
    void aHundredThousandCommandsInOneMessageTakeLinearTime() {
        ByteBuffer message =
                ByteBuffer.wrap("{\"id\":1,\"send\":{}}\n".repeat(100_000).getBytes(UTF_8));
        int commands = 0;
        while (CODEC.next(message, 65_536) != null) commands++;
        assertThat(commands).isEqualTo(100_000);
    }

    @Test
    void everyBeginningOfACommandIsRefusedQuietly() {
        String command =
                "{\"id\":1,\"subscribe\":{\"channel\":\"é\\u00e9\",\"offset\":10,\"tf\":{\"vals\":"
                        + "[\"a\"]},\"data\":[1,{\"a\":null}],\"x\":-1.5e-7}}";
        byte[] bytes = command.getBytes(UTF_8);
        for (int length = 1; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> CODEC.next(cut, 65_536))
                    .as("first %d bytes", length)
                    .isInstanceOf(Malformed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1}",
                "{\"push\":{}}",
                "{\"push\":{\"channel\":\"a\"}}",
                "{\"push\":{\"pub\":[]}}",
                "{\"id\":1,\"error\":{\"code\":\"x\"}}",
                "{}{}"
            })
    void aReplyThatSaysNothingIsRefused(String message) {
        ByteBuffer bytes = ByteBuffer.wrap(message.getBytes(UTF_8));
        assertThatThrownBy(() -> new JsonClientCodec().next(bytes)).isInstanceOf(Malformed.class);
    }

    @Test
    void aReplysMembersMayComeInAnyOrder() {
        JsonClientCodec client = new JsonClientCodec();
        ByteBuffer replies =
                ByteBuffer.wrap(
                        ("{\"publish\":{},\"id\":7}\n"
                                        + "{\"push\":{\"leave\":{\"info\":{\"user\":\"u\"}},\"channel\":\"a\"}}")
                                .getBytes(UTF_8));
        assertThat(client.next(replies)).isEqualTo(new Reply.Publish(7));
        assertThat(client.next(replies))
                .isEqualTo(
                        new Reply.Pushed(
                                new Push.Leave(
                                        "a", new ClientInfo("u", "", Bytes.EMPTY, Bytes.EMPTY))));
    }
}
