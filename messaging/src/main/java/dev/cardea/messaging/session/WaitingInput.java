package dev.cardea.messaging.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Transport messages, or the rest of one, that wait until the command before them is done. */
final class WaitingInput {
    private static final int MESSAGE_BYTES =
            64; // what a waiting message costs beside its content, about

    private @Nullable ArrayDeque<ByteBuffer> messages;
    private int bytes;

    int bytes() {
        return bytes;
    }

    void add(ByteBuffer message) {
        deque().addLast(copy(message));
    }

    /** Puts back what is left of a message that was begun. */
    void addFirst(ByteBuffer message) {
        deque().addFirst(copy(message));
    }

    @Nullable ByteBuffer take() {
        ByteBuffer first = messages == null ? null : messages.pollFirst();
        if (first == null) {
            messages = null;
            return null;
        }
        bytes -= first.capacity() + MESSAGE_BYTES;
        return first;
    }

    void clear() {
        messages = null;
        bytes = 0;
    }

    private ArrayDeque<ByteBuffer> deque() {
        if (messages == null) messages = new ArrayDeque<>(4);
        return messages;
    }

    private ByteBuffer copy(ByteBuffer message) {
        ByteBuffer copy = ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip();
        bytes += copy.capacity() + MESSAGE_BYTES;
        return copy;
    }
}
