package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Protobuf codec takes and refuses besides what clients really send. */
class MalformedProtobufTest {
    private static final ProtobufCodec CODEC = new ProtobufCodec();

    private static @Nullable Command next(String hex) {
        return CODEC.next(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), 65_536);
    }

    /** Reads a command whose length stands before it as it should. */
    private static @Nullable Command framed(String hex) {
        byte[] command = HexFormat.of().parseHex(hex);
        return CODEC.next(
                new ByteWriter().putVarint(command.length).put(command).written(), 65_536);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01", // one byte to come
                "0208", // two
                "80", // a length that does not end
                "ffffffff07", // 2 GiB to come
                "ffffffff0f", // 4 GiB to come
                "ffffffffffffffffff01", // -1
                "8080808080808080808001" // more than ten bytes
            })
    void aLengthThatLiesIsRefused(String hex) {
        assertThatThrownBy(() -> next(hex)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001", // field number 0
                "08", // no value
                "0880", // a value that does not end
                "08ffffffffffffffffffff01", // a number of more than ten bytes
                "3201", // unsubscribe, one byte of none
                "3a030a0461", // publish with a channel that reaches out of it
                "3a030a046161616161", // and into what follows
                "3a070affffffff0761", // a 2 GiB channel
                "3a0c0affffffffffffffffff0161", // a channel of -1 bytes
                "387f", // publish as a number
                "3d00000000", // publish as 32 bits
                "0a00", // the id as bytes
                "0d00000000", // the id as 32 bits
                "3a020801", // the channel as a number
                "3a021a00", // the type as bytes
                "3a030a01ff", // not UTF-8
                "3a040a02c080", // overlong
                "3a050a03eda080", // a surrogate
                "1b1c", // a group
                "1b08011c", // a group
                "0c", // a group's end
                "0e", // wire type 6
                "0f", // wire type 7
                "190000000000000000" + "19", // 64 bits, and then none
                "1d000000", // 32 bits of which 24 are there
                "8880808010" + "01", // a field number above 29 bits
            })
    void isRefused(String hex) {
        assertThatThrownBy(() -> framed(hex)).isInstanceOf(Malformed.class);
    }

    @Test
    void anEmptyMessageHoldsNothingAndAZeroIsThePong() {
        assertThat(next("")).isNull();
        assertThat(next("00")).isEqualTo(new Command.Empty(0));
    }

    @Test
    void unknownFieldsOfEveryKindAreSkipped() {
        assertThat(
                        framed(
                                "1005" // varint
                                        + "190102030405060708" // 64 bits
                                        + "1a020102" // bytes
                                        + "1d01020304" // 32 bits
                                        + "faffffff0f020102" // the highest field number
                                        + "0807"
                                        + "7a00"))
                .isEqualTo(new Command.SubRefresh(7, "", "", 0));
    }

    @Test
    void theFirstRequestInTheProtocolsOrderCountsWhereverItStands() {
        assertThat(framed("6200" + "6a03120161" + "7200" + "0801"))
                .isEqualTo(new Command.Rpc(1, "a", Bytes.EMPTY));
        assertThat(framed("3a00" + "2a030a0161" + "6a00" + "0801"))
                .isEqualTo(new Command.Subscribe(1, SubscribeRequest.to("a")));
    }

    @Test
    void theLastOfSeveralValuesCounts() {
        assertThat(framed("0801" + "0802" + "42060a01610a0162"))
                .isEqualTo(new Command.Presence(2, "b"));
    }

    @Test
    void idsAreCutTo32BitsAsEveryProtobufReaderDoes() {
        assertThat(next("0608ffffffff1f")).isEqualTo(new Command.Empty(-1));
    }

    @Test
    void aCommandMayBeAsLongAsTheLimitItsLengthNotCounted() {
        ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex("0208010308800108"));
        assertThat(CODEC.next(message, 2)).isEqualTo(new Command.Empty(1));
        assertThatThrownBy(() -> CODEC.next(message, 2)).isInstanceOf(Malformed.class);
    }

    @Test
    void aFilterIsReadAsDeepAsTheLimitAndWhatIsDeeperIsSteppedOver() {
        assertThat(innermost(CODEC.next(filter(FilterNode.MAX_DEPTH), 65_536)))
                .isNotEqualTo(FilterNode.TOO_MUCH);
        assertThat(innermost(CODEC.next(filter(FilterNode.MAX_DEPTH + 1), 65_536)))
                .isEqualTo(FilterNode.TOO_MUCH);
        assertThat(innermost(CODEC.next(filter(10_000), 65_536))).isEqualTo(FilterNode.TOO_MUCH);
    }

    private static FilterNode innermost(@Nullable Command command) {
        if (!(command instanceof Command.Subscribe subscribe)) throw new AssertionError(command);
        FilterNode node = subscribe.request().tf();
        while (node != null && !node.nodes().isEmpty()) node = node.nodes().getFirst();
        if (node == null) throw new AssertionError("no filter");
        return node;
    }

    private static ByteBuffer filter(int depth) {
        ByteWriter out = new ByteWriter();
        int[] marks = new int[depth];
        int message = ProtobufWriter.begin(out, 0);
        int subscribe = ProtobufWriter.begin(out, 5, 0);
        for (int i = 0; i < depth; i++) marks[i] = ProtobufWriter.begin(out, i == 0 ? 13 : 6, 0);
        for (int i = depth - 1; i >= 0; i--) ProtobufWriter.end(out, marks[i]);
        ProtobufWriter.end(out, subscribe);
        ProtobufWriter.end(out, message);
        return out.written();
    }

    @Test
    @Timeout(20)
    void aHundredThousandCommandsInOneMessageTakeLinearTime() {
        ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex("0408016200".repeat(100_000)));
        int commands = 0;
        while (CODEC.next(message, 65_536) != null) commands++;
        assertThat(commands).isEqualTo(100_000);
    }

    @Test
    void everyBeginningOfACommandIsRefusedQuietly() {
        ByteWriter out = new ByteWriter();
        RandomMessages random = new RandomMessages(7);
        for (int round = 0; round < 50; round++) {
            out.clear();
            new ProtobufClientCodec().write(random.command(), out);
            int last = Math.min(out.length() - 1, 500);
            for (int length = 1; length <= last; length++) {
                ByteBuffer cut = ByteBuffer.wrap(out.array(), 0, length);
                assertThatThrownBy(() -> CODEC.next(cut, 1 << 20))
                        .as("round %d, first %d bytes", round, length)
                        .isInstanceOf(Malformed.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"020801", "022200", "052203120161", "0422020801"})
    void aReplyThatSaysNothingIsRefused(String hex) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        assertThatThrownBy(() -> new ProtobufClientCodec().next(bytes))
                .isInstanceOf(Malformed.class);
    }
}
