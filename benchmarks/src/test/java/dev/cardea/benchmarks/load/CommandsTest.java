package dev.cardea.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class CommandsTest {
    /** RFC 6455 section 5.7: a single-frame masked text message that contains "Hello". */
    @Test
    void aFrameIsMaskedAsInTheExampleOfTheRfc() {
        byte[] frame = Commands.frame(1, "Hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(HexFormat.of().formatHex(frame)).isEqualTo("818537fa213d7f9f4d5158");
    }

    @Test
    void connectAndSubscribeGoInOneFrame() {
        assertThat(unmasked(Commands.join("hist:a", new Position("ab", 3))))
                .isEqualTo(
                        "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"hist:a\",\"recover\":true,\"epoch\":\"ab\",\"offset\":3}}");
    }

    @Test
    void aPublicationCarriesItsDataAsItIs() {
        byte[] data = Datum.template(128);
        assertThat(unmasked(Commands.publish(7, "c", data)))
                .isEqualTo(
                        "{\"id\":7,\"publish\":{\"channel\":\"c\",\"data\":"
                                + new String(data, StandardCharsets.US_ASCII)
                                + "}}");
    }

    private static String unmasked(byte[] frame) {
        int mask = frame.length - 6 < 126 ? 2 : 4;
        byte[] text = new byte[frame.length - mask - 4];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (frame[mask + 4 + i] ^ frame[mask + (i & 3)]);
        }
        return new String(text, StandardCharsets.US_ASCII);
    }
}
