package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What must hold for any bytes: they are refused, or the other side's writing says the same. */
final class Fuzzed {
    private static final int LIMIT = 65_536;

    private Fuzzed() {}

    static void commands(Encoding encoding, byte[] input) {
        ByteBuffer message = ByteBuffer.wrap(input);
        List<Command> read = new ArrayList<>();
        try {
            int before = -1;
            while (true) {
                assertThat(message.position()).isGreaterThan(before);
                before = message.position();
                Command command = encoding.server().next(message, LIMIT);
                if (command == null) break;
                read.add(command);
            }
        } catch (Malformed e) {
            // what was read before it still counts
        }
        ByteWriter out = new ByteWriter();
        for (Command command : read) encoding.client().write(command, out);
        ByteBuffer again = out.written();
        for (Command command : read) {
            assertThat(encoding.server().next(again, 8 * LIMIT)).isEqualTo(command);
        }
        assertThat(again.hasRemaining()).isFalse();
    }

    static void replies(Encoding encoding, byte[] input) {
        ByteBuffer message = ByteBuffer.wrap(input);
        List<Reply> read = new ArrayList<>();
        try {
            while (true) {
                Reply reply = encoding.client().next(message);
                if (reply == null) break;
                read.add(reply);
            }
        } catch (Malformed e) {
            // what was read before it still counts
        }
        ByteWriter out = new ByteWriter();
        for (Reply reply : read) encoding.server().write(reply, out);
        ByteBuffer again = out.written();
        for (Reply reply : read) assertThat(encoding.client().next(again)).isEqualTo(reply);
        assertThat(again.hasRemaining()).isFalse();
    }
}
