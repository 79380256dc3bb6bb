package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts whole messages off a stream of bytes, in which JSON ends each with a line feed and Protobuf
 * says its length before it. Holds at most one message that isn't complete. Not thread safe.
 */
public final class MessageSplitter {
    /** Takes messages. */
    @FunctionalInterface
    public interface Taker {
        /**
         * @param messages one or more, whole; borrowed until the call returns
         */
        void take(ByteBuffer messages);
    }

    private final boolean isText;
    private final int maxMessageBytes;
    private byte[] held = {};
    private int heldBytes;

    /**
     * @param maxMessageBytes a longer message is refused, its line feed or length not counted
     */
    public MessageSplitter(Codec codec, int maxMessageBytes) {
        this.isText = codec instanceof JsonCodec;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** What is held of a message that isn't complete. */
    public int heldBytes() {
        return heldBytes;
    }

    /**
     * Takes all that remains in the buffer, and hands on what is whole, at once.
     *
     * @throws Malformed a message is too long, or has no length; nothing can follow
     */
    public void read(ByteBuffer in, Taker taker) {
        int known = heldBytes;
        if (known > 0) hold(in);
        ByteBuffer all = known > 0 ? ByteBuffer.wrap(held, 0, heldBytes) : in;
        int end = isText ? endOfLines(all, known) : endOfLengths(all);
        if (end > all.position()) {
            int rest = all.limit();
            taker.take(all.limit(end));
            all.limit(rest).position(end);
            if (known > 0) dropHeld(end);
        }
        if (known == 0) hold(in);
        if (heldBytes == 0) held = new byte[0]; // between messages nothing is kept
    }

    private void hold(ByteBuffer more) {
        int length = heldBytes + more.remaining();
        if (length > held.length) held = Arrays.copyOf(held, Math.max(length, 2 * held.length));
        more.get(held, heldBytes, more.remaining());
        heldBytes = length;
    }

    private void dropHeld(int count) {
        heldBytes -= count;
        System.arraycopy(held, count, held, 0, heldBytes);
    }

    /**
     * @param known so many bytes were looked at before, and have no line feed
     */
    private int endOfLines(ByteBuffer all, int known) {
        int end = all.position();
        for (int i = end + known; i < all.limit(); i++) {
            if (all.get(i) != '\n') continue;
            if (i - end > maxMessageBytes) throw tooLong();
            end = i + 1;
        }
        if (all.limit() - end > maxMessageBytes) throw tooLong();
        return end;
    }

    private int endOfLengths(ByteBuffer all) {
        int end = all.position();
        while (end < all.limit()) {
            long length = 0;
            int at = end;
            boolean isComplete = false;
            for (int shift = 0; at < all.limit() && !isComplete; shift += 7) {
                if (shift > 28) throw new Malformed("a length without an end");
                int next = all.get(at++);
                length |= (long) (next & 0x7f) << shift;
                isComplete = next >= 0;
            }
            if (length > maxMessageBytes) throw tooLong();
            if (!isComplete || length > all.limit() - at) break;
            end = at + (int) length;
        }
        return end;
    }

    private static Malformed tooLong() {
        return new Malformed("message too long");
    }
}
