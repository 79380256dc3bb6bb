package dev.cardea.messaging.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlQueueTest {
    private static final String FIRST = "{\"refresh\":{\"expires\":true,\"ttl\":1}}";
    private static final String SECOND = "{\"refresh\":{\"expires\":true,\"ttl\":2}}";

    @Test
    void whatWaitsTogetherGoesInOneMessageWhereTheTransportJoins() {
        assertThat(written(true)).containsExactly(FIRST + "\n" + SECOND);
    }

    @Test
    void andInOneEachWhereItDoesNot() {
        assertThat(written(false)).containsExactly(FIRST, SECOND);
    }

    @Test
    void whoCannotAskIsGivenNoAnswers() {
        ControlQueue queue = queue();
        queue.add(new Reply.Publish(7));
        Recorded outlet = new Recorded(true, new ArrayList<>());
        assertThat(queue.writeTo(outlet, 1000, new ByteWriter())).isZero();
        assertThat(outlet.messages()).isEmpty();
    }

    private static List<String> written(boolean joins) {
        ControlQueue queue = queue();
        queue.add(new Reply.Pushed(new Push.Refresh(true, 1)));
        queue.add(new Reply.Pushed(new Push.Refresh(true, 2)));
        Recorded outlet = new Recorded(joins, new ArrayList<>());
        queue.writeTo(outlet, 1000, new ByteWriter());
        assertThat(queue.isEmpty()).isTrue();
        return outlet.messages();
    }

    private static ControlQueue queue() {
        return new ControlQueue(new Speech(new JsonCodec(), Direction.DOWN, null));
    }

    private record Recorded(boolean joinsMessages, List<String> messages) implements Outlet {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(Frame frame) {}

        @Override
        public void message(ByteBuffer payload) {
            messages.add(UTF_8.decode(payload.duplicate()).toString());
        }

        @Override
        public void flush() {}

        @Override
        public int pendingBytes() {
            return 0;
        }

        @Override
        public long takenBytes() {
            return 0;
        }

        @Override
        public void pauseReads(boolean paused) {}

        @Override
        public void close(int code, String reason) {}

        @Override
        public void abort() {}
    }
}
