package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What one side writes the other reads, several in one transport message. */
class CodecRoundTripTest {
    private static final int ROUNDS = 500;

    private final long seed = new SplittableRandom().nextLong();
    private final RandomMessages random = new RandomMessages(seed);
    private final SplittableRandom counts = new SplittableRandom(seed);

    @ParameterizedTest
    @FieldSource("dev.cardea.wire.centrifuge.Encoding#ALL")
    void theServerReadsTheCommandsThatAClientWrote(Encoding encoding) {
        for (int round = 0; round < ROUNDS; round++) {
            ByteWriter out = new ByteWriter(0);
            List<Command> written = new ArrayList<>();
            for (int i = counts.nextInt(4); i >= 0; i--) {
                Command command = random.command();
                written.add(command);
                encoding.client().write(command, out);
            }
            ByteBuffer message = received(out);
            assertThat(readAll(() -> encoding.server().next(message, 1 << 20)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(written);
        }
    }

    @ParameterizedTest
    @FieldSource("dev.cardea.wire.centrifuge.Encoding#ALL")
    void aClientReadsTheRepliesThatTheServerWrote(Encoding encoding) {
        for (int round = 0; round < ROUNDS; round++) {
            ByteWriter out = new ByteWriter(0);
            List<Reply> written = new ArrayList<>();
            for (int i = counts.nextInt(4); i >= 0; i--) {
                Reply reply = random.reply();
                written.add(reply);
                encoding.server().write(reply, out);
            }
            ByteBuffer message = received(out);
            assertThat(readAll(() -> encoding.client().next(message)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(written);
        }
    }

    @ParameterizedTest
    @FieldSource("dev.cardea.wire.centrifuge.Encoding#ALL")
    void aUnidirectionalClientReadsThePushesThatTheServerWrote(Encoding encoding) {
        for (int round = 0; round < ROUNDS; round++) {
            ByteWriter out = new ByteWriter(0);
            List<Push> written = new ArrayList<>();
            for (int i = counts.nextInt(4); i >= 0; i--) {
                Push push = random.push();
                written.add(push);
                encoding.server().write(push, out);
            }
            ByteBuffer message = received(out);
            assertThat(readAll(() -> encoding.client().nextPush(message)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(written);
        }
    }

    /** As Netty may hand it over: on the heap or off it, and not at the buffer's beginning. */
    private ByteBuffer received(ByteWriter out) {
        int before = counts.nextInt(3);
        int after = counts.nextInt(3);
        int size = before + out.length() + after;
        ByteBuffer buffer =
                counts.nextBoolean()
                        ? ByteBuffer.allocateDirect(size)
                        : ByteBuffer.allocate(size + 1);
        if (buffer.hasArray()) buffer = buffer.position(1).slice();
        buffer.position(before).put(out.array(), 0, out.length());
        return buffer.position(before).limit(before + out.length());
    }

    private interface Source<T> {
        @Nullable T next();
    }

    private static <T> List<T> readAll(Source<T> source) {
        List<T> all = new ArrayList<>();
        for (T one = source.next(); one != null; one = source.next()) all.add(one);
        return all;
    }
}
