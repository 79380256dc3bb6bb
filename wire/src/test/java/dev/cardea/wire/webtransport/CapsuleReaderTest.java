package dev.cardea.wire.webtransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CapsuleReaderTest {
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static List<SessionClose> read(byte[] bytes, int pieceBytes) {
        List<SessionClose> closes = new ArrayList<>();
        CapsuleReader reader = new CapsuleReader();
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            int count = Math.min(pieceBytes, bytes.length - at);
            reader.read(ByteBuffer.wrap(bytes, at, count), closes::add);
        }
        return closes;
    }

    @Test
    void aCloseHasACodeAndAReasonHoweverItIsCut() {
        byte[] close = bytes("6843 0b 00000005 627965 20676f21".replace("0b", "0b"));
        for (int piece = 1; piece <= close.length; piece++) {
            assertThat(read(close, piece)).containsExactly(new SessionClose(5, "bye go!"));
        }
    }

    @Test
    void theFirstCapsuleOfChromiumIsUnknownOnPurposeAndPassedOver() {
        // type 0x54b905f9370e81d in eight bytes, three bytes of payload; then a close without
        // reason
        byte[] greased = bytes("c54b905f9370e81d 03 aabbcc 6843 04 00000000");
        for (int piece = 1; piece <= greased.length; piece++) {
            assertThat(read(greased, piece)).containsExactly(new SessionClose(0, ""));
        }
    }

    @Test
    void anUnknownCapsuleMayBeLongerThanAnythingWeWouldKeep() {
        CapsuleReader reader = new CapsuleReader();
        reader.read(ByteBuffer.wrap(bytes("21 ffffffffffffffff")), _ -> {});
        ByteBuffer megabyte = ByteBuffer.allocate(1 << 20);
        for (int i = 0; i < 100; i++) {
            reader.read(megabyte.clear(), _ -> {});
            assertThat(megabyte.hasRemaining()).isFalse();
        }
    }

    @Test
    void aCloseThatIsTooShortOrTooLongIsRefusedBeforeItIsRead() {
        for (String head : List.of("6843 03", "6843 4405", "6843 ffffffffffffffff")) {
            assertThatThrownBy(() -> read(bytes(head), 1)).isInstanceOf(Malformed.class);
        }
        assertThat(read(bytes("6843 4404"), 1)).isEmpty(); // 1028 bytes to come
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2000; i++) {
            StringBuilder reason = new StringBuilder();
            int length = random.nextInt(40);
            for (int c = 0; c < length; c++) reason.appendCodePoint(random.nextInt(0xD7FF));
            SessionClose close = new SessionClose(random.nextInt(), reason.toString());
            ByteWriter out = new ByteWriter();
            close.write(out);
            assertThat(read(out.toArray(), 1 + random.nextInt(30)))
                    .as("seed %d", seed)
                    .containsExactly(close);
        }
    }

    @Test
    void aLongReasonIsCutBehindAWholeCharacter() {
        ByteWriter out = new ByteWriter();
        new SessionClose(1, "x" + "é".repeat(600)).write(out);
        assertThat(read(out.toArray(), 100))
                .containsExactly(new SessionClose(1, "x" + "é".repeat(511)));
    }
}
