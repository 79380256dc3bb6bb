package dev.cardea.wire.websocket;

import static dev.cardea.wire.websocket.CloseCode.INVALID_PAYLOAD;
import static dev.cardea.wire.websocket.CloseCode.PROTOCOL_ERROR;
import static dev.cardea.wire.websocket.CloseCode.TOO_BIG;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames as they arrive, in pieces of any size, and passes whole messages on (RFC 6455
 * section 5). One for each connection and direction; not thread safe.
 *
 * <p>It holds bytes only between the pieces of a message. A message that arrives whole and
 * unfragmented is not copied: it is unmasked where it lies, and the listener sees a slice of the
 * input.
 */
public final class FrameReader {
    /** Which side reads, that is, whether the frames it reads must be masked (section 5.1). */
    public enum Side {
        /** Reads what clients send: every frame is masked. */
        SERVER,
        /** Reads what a server sends: no frame is. */
        CLIENT
    }

    private enum Stage {
        FIRST,
        SECOND,
        LENGTH_16,
        LENGTH_64,
        MASK,
        PAYLOAD,
        /** A close frame was read, or the peer broke the protocol: nothing matters any more. */
        OVER
    }

    private final Side side;
    private final int maxMessageBytes;
    private final @Nullable MessageInflater inflater;

    private Stage stage = Stage.FIRST;
    private boolean last;
    private byte opcode;

    /** How many bytes of an extended length or of a mask are still to come. */
    private byte missing;

    /** What is still to come of the frame's payload. */
    private long length;

    private int mask;

    /** Text or binary while a message is being read; continuation, which starts none, otherwise. */
    private byte kind = Opcode.CONTINUATION;

    /** The message being read has RSV1 set on its first frame. */
    private boolean compressed;

    private int utf8 = Utf8.WHOLE;
    private @Nullable Gathered message;
    private @Nullable Gathered control;

    /**
     * @param maxMessageBytes a longer message, all its fragments together, is refused with 1009 as
     *     soon as a header says so
     */
    public FrameReader(Side side, int maxMessageBytes) {
        this(side, maxMessageBytes, null);
    }

    /**
     * @param inflater may be shared by all readers of one thread; null: {@code permessage-deflate}
     *     wasn't negotiated. The bound holds for a message as it is sent, and for what it inflates
     *     to
     */
    public FrameReader(Side side, int maxMessageBytes, @Nullable MessageInflater inflater) {
        this.side = side;
        this.maxMessageBytes = maxMessageBytes;
        this.inflater = inflater;
    }

    /**
     * Reads until the input is empty or the listener wants a pause. After a pause, call it again
     * with what was left in the input, then with what arrives.
     *
     * @param in moved behind what was read. Payloads are unmasked in place, so what was read is
     *     spoiled; a read-only buffer is copied instead
     * @return false if the listener asked to stop
     * @throws ProtocolError once; the reader then drops whatever else it is given
     */
    public boolean read(ByteBuffer in, FrameListener listener) {
        try {
            while (stage != Stage.OVER && readHeader(in)) {
                boolean goOn =
                        Opcode.isControl(opcode)
                                ? readControl(in, listener)
                                : readData(in, listener);
                if (!goOn) return false;
                if (stage == Stage.PAYLOAD) return true; // the input is empty
            }
        } catch (ProtocolError e) {
            end();
            in.position(in.limit());
            throw e;
        }
        if (stage == Stage.OVER) in.position(in.limit());
        return true;
    }

    /** Whether a close frame or an error was read, so that nothing more will come out. */
    public boolean isOver() {
        return stage == Stage.OVER;
    }

    /** Whether the next byte starts a new message: where a peer may leave without losing any. */
    public boolean isBetweenMessages() {
        return stage == Stage.FIRST && kind == Opcode.CONTINUATION;
    }

    /** The memory held for what has not arrived wholly. */
    public int heldBytes() {
        return (message == null ? 0 : message.capacity())
                + (control == null ? 0 : control.capacity());
    }

    private boolean readHeader(ByteBuffer in) {
        while (stage != Stage.PAYLOAD) {
            if (!in.hasRemaining()) return false;
            int next = in.get() & 0xFF;
            switch (stage) {
                case FIRST -> readFirst(next);
                case SECOND -> readSecond(next);
                case LENGTH_16 -> readLength16(next);
                case LENGTH_64 -> readLength64(next);
                case MASK -> readMask(next);
                case PAYLOAD, OVER -> throw new AssertionError(stage);
            }
        }
        return true;
    }

    private void readFirst(int next) {
        int reserved = next & Opcode.RESERVED;
        if (reserved != 0 && (reserved != Opcode.COMPRESSED || inflater == null))
            throw broken("reserved bits are set");
        last = (next & Opcode.FIN) != 0;
        opcode = (byte) (next & Opcode.OPCODE);
        if (!Opcode.isKnown(opcode)) throw broken("unknown opcode");
        if (Opcode.isControl(opcode)) {
            if (!last) throw broken("fragmented control frame"); // section 5.5
            if (reserved != 0) throw broken("compressed control frame"); // RFC 7692 section 6.1
        } else if (opcode != Opcode.CONTINUATION) {
            if (kind != Opcode.CONTINUATION) throw broken("expected a continuation"); // section 5.4
            kind = opcode;
            compressed = reserved != 0;
        } else if (kind == Opcode.CONTINUATION) {
            throw broken("nothing to continue");
        } else if (reserved != 0) {
            throw broken("compression begins inside a message"); // RFC 7692 section 6.1
        }
        stage = Stage.SECOND;
    }

    private void readSecond(int next) {
        boolean masked = (next & Opcode.MASKED) != 0;
        if (masked != (side == Side.SERVER)) {
            throw broken(masked ? "masked server frame" : "unmasked client frame"); // section 5.1
        }
        length = next & Opcode.LENGTH;
        if (length > Opcode.MAX_CONTROL_BYTES && Opcode.isControl(opcode)) {
            throw broken("control frame longer than 125 bytes");
        }
        switch ((int) length) {
            case Opcode.LENGTH_16 -> awaitLength(Stage.LENGTH_16, 2);
            case Opcode.LENGTH_64 -> awaitLength(Stage.LENGTH_64, 8);
            default -> lengthKnown();
        }
    }

    private void awaitLength(Stage which, int bytes) {
        stage = which;
        missing = (byte) bytes;
        length = 0;
    }

    private void readLength16(int next) {
        length = (length << 8) | next;
        if (--missing > 0) return;
        if (length < Opcode.LENGTH_16) throw broken("length is not minimal");
        lengthKnown();
    }

    private void readLength64(int next) {
        if (missing == 8 && next >= 0x80) throw broken("length has its top bit set");
        length = (length << 8) | next;
        if (--missing > 0) return;
        if (length <= 0xFFFF) throw broken("length is not minimal");
        lengthKnown();
    }

    private void lengthKnown() {
        if (!Opcode.isControl(opcode) && length > maxMessageBytes - gathered()) {
            throw new ProtocolError(TOO_BIG, "message is too big");
        }
        mask = 0;
        missing = 4;
        stage = side == Side.SERVER ? Stage.MASK : Stage.PAYLOAD;
    }

    private void readMask(int next) {
        mask = (mask << 8) | next;
        if (--missing == 0) stage = Stage.PAYLOAD;
    }

    private boolean readData(ByteBuffer in, FrameListener listener) {
        boolean text = kind == Opcode.TEXT;
        if (last && gathered() == 0 && isWholeIn(in)) {
            ByteBuffer payload = takeWhole(in);
            if (compressed) payload = inflated(payload);
            if (text) validate(payload, true);
            endMessage();
            return listener.message(text, payload);
        }
        int count = (int) Math.min(length, in.remaining());
        if (message == null) message = new Gathered();
        Gathered gathered = message;
        int before = gathered.length();
        mask = gathered.append(in, count, (int) length, mask);
        length -= count;
        boolean frameEnds = length == 0;
        if (text && !compressed) validate(gathered.from(before), frameEnds && last);
        if (!frameEnds) return true;
        stage = Stage.FIRST;
        if (!last) return true;
        ByteBuffer payload = gathered.all();
        if (compressed) {
            payload = inflated(payload);
            if (text) validate(payload, true);
        }
        endMessage();
        return listener.message(text, payload);
    }

    private ByteBuffer inflated(ByteBuffer payload) {
        if (inflater == null) throw new AssertionError("reserved bits were refused");
        return inflater.inflate(payload, maxMessageBytes);
    }

    private boolean readControl(ByteBuffer in, FrameListener listener) {
        if (control == null && isWholeIn(in)) {
            ByteBuffer payload = takeWhole(in);
            stage = Stage.FIRST;
            return deliver(payload, listener);
        }
        int count = (int) Math.min(length, in.remaining());
        if (control == null) control = new Gathered();
        Gathered gathered = control;
        mask = gathered.append(in, count, (int) length, mask);
        length -= count;
        if (length > 0) return true;
        stage = Stage.FIRST;
        control = null;
        return deliver(gathered.all(), listener);
    }

    private boolean isWholeIn(ByteBuffer in) {
        return length <= in.remaining() && (mask == 0 || !in.isReadOnly());
    }

    private ByteBuffer takeWhole(ByteBuffer in) {
        ByteBuffer payload = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        if (mask != 0) Mask.apply(mask, payload);
        return payload;
    }

    private boolean deliver(ByteBuffer payload, FrameListener listener) {
        return switch (opcode) {
            case Opcode.PING -> listener.ping(payload);
            case Opcode.PONG -> listener.pong(payload);
            default -> {
                close(payload, listener);
                yield true;
            }
        };
    }

    private void close(ByteBuffer payload, FrameListener listener) { // section 5.5.1
        if (!payload.hasRemaining()) {
            end();
            listener.close(CloseCode.NONE, "");
            return;
        }
        if (payload.remaining() == 1) throw broken("close code needs 2 bytes");
        int code = Short.toUnsignedInt(payload.getShort());
        if (!CloseCode.isValid(code)) throw broken("close code is not allowed");
        if (!Utf8.isValid(payload)) {
            throw new ProtocolError(INVALID_PAYLOAD, "close reason is not UTF-8");
        }
        end();
        listener.close(code, StandardCharsets.UTF_8.decode(payload).toString());
    }

    private void validate(ByteBuffer piece, boolean ends) { // section 8.1
        utf8 = Utf8.advance(utf8, piece);
        if (utf8 == Utf8.INVALID || (ends && utf8 != Utf8.WHOLE)) {
            throw new ProtocolError(INVALID_PAYLOAD, "text is not UTF-8");
        }
    }

    private int gathered() {
        return message == null ? 0 : message.length();
    }

    private void endMessage() {
        stage = Stage.FIRST;
        kind = Opcode.CONTINUATION;
        message = null;
        utf8 = Utf8.WHOLE;
    }

    private void end() {
        stage = Stage.OVER;
        message = null;
        control = null;
    }

    private static ProtocolError broken(String message) {
        return new ProtocolError(PROTOCOL_ERROR, message);
    }
}
