package dev.cardea.wire.websocket;

import java.nio.ByteBuffer;

/**
 * Is told what a {@link FrameReader} finds. Every payload is borrowed until the call returns.
 *
 * <p>Whoever returns false stops the reader behind this frame: {@link FrameReader#read} returns
 * false, with the bytes of the frames that follow still in its input. That is how a connection
 * whose queue fills up pauses between two messages that came in one packet.
 */
public interface FrameListener {
    /**
     * A whole message; the fragments are put together, and text is valid UTF-8.
     *
     * @return whether to read on
     */
    boolean message(boolean text, ByteBuffer payload);

    /**
     * To be answered by a pong with the same payload (RFC 6455 section 5.5.2).
     *
     * @return whether to read on
     */
    boolean ping(ByteBuffer payload);

    /**
     * @return whether to read on
     */
    boolean pong(ByteBuffer payload);

    /**
     * The peer's close frame. The reader drops whatever follows it.
     *
     * @param code {@link CloseCode#NONE} if the frame has none
     */
    void close(int code, String reason);
}
