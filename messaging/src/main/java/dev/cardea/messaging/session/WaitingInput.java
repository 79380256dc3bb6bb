package dev.cardea.messaging.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Transport messages, the first perhaps begun, that wait until the commands before are done. */
final class WaitingInput {
    private static final int MESSAGE_BYTES =
            64; // what a waiting message costs beside its content, about

    /** Its position moves as its commands are carried out; it is never copied again. */
    private @Nullable ByteBuffer begun;

    private @Nullable ArrayDeque<ByteBuffer> whole;
    private int wholeBytes;

    boolean isEmpty() {
        return begun == null && whole == null;
    }

    /** All that is held. */
    int bytes() {
        return wholeBytes + (begun == null ? 0 : begun.capacity() + MESSAGE_BYTES);
    }

    /** Without the one that was begun, which is as large as the transport lets a message be. */
    int wholeBytes() {
        return wholeBytes;
    }

    void add(ByteBuffer message) {
        if (whole == null) whole = new ArrayDeque<>(4);
        ByteBuffer copy = copy(message);
        wholeBytes += copy.capacity() + MESSAGE_BYTES;
        whole.addLast(copy);
    }

    /** Puts what is left of a message that was begun before all others. */
    void keepRest(ByteBuffer message) {
        begun = copy(message);
    }

    /** What is to be read on now; null: nothing waits. */
    @Nullable ByteBuffer next() {
        if (begun == null && whole != null) {
            begun = whole.remove();
            wholeBytes -= begun.capacity() + MESSAGE_BYTES;
            if (whole.isEmpty()) whole = null;
        }
        return begun;
    }

    /** All of what was to be read is. */
    void done() {
        begun = null;
    }

    void clear() {
        begun = null;
        whole = null;
        wholeBytes = 0;
    }

    /** The argument is used up. */
    private static ByteBuffer copy(ByteBuffer message) {
        return ByteBuffer.allocate(message.remaining()).put(message).flip();
    }
}
