package dev.cardea.server.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches onto one QUIC stream, one at a time: the next begins when flow and congestion
 * control have let the last one go. Whatever Netty says of the stream's writability, which it
 * guesses, doesn't matter. Belongs to the stream's event loop.
 */
final class StreamWriter {
    private static final int INITIAL_BYTES = 1024;

    private final QuicStreamChannel stream;
    private final Runnable whenTaken;

    private @Nullable ByteBuf batch;

    /** What the stream hasn't taken whole. Netty moves its reader index as far as it has. */
    private @Nullable ByteBuf pending;

    private int pendingLength;
    private long takenBytes;
    private boolean flushing;
    private boolean ended;

    /**
     * @param whenTaken is run when what was pending has gone
     */
    StreamWriter(QuicStreamChannel stream, Runnable whenTaken) {
        this.stream = stream;
        this.whenTaken = whenTaken;
    }

    /** Nothing is pending, and the stream is open. */
    boolean isIdle() {
        return pending == null && !ended;
    }

    /** Where the next batch is put together. */
    ByteBuf batch() {
        if (batch == null) batch = stream.alloc().directBuffer(INITIAL_BYTES);
        return batch;
    }

    void flush() {
        ByteBuf bytes = batch;
        if (bytes == null) return;
        batch = null;
        if (ended || pending != null) {
            bytes.release(); // nobody writes then
            return;
        }
        int length = bytes.readableBytes();
        pending = bytes;
        pendingLength = length;
        flushing = true;
        stream.writeAndFlush(bytes)
                .addListener(written -> {
                    pending = null;
                    takenBytes += length;
                    if (!written.isSuccess()) ended = true;
                    else if (!flushing && !ended) whenTaken.run();
                });
        flushing = false;
    }

    int pendingBytes() {
        return pending == null ? 0 : pending.readableBytes();
    }

    long takenBytes() {
        return pending == null ? takenBytes : takenBytes + pendingLength - pending.readableBytes();
    }

    /**
     * Ends the stream behind what is pending. Not with {@code shutdownOutput}, which overtakes what
     * waits for flow control: bytes would be lost silently.
     */
    void end() {
        flush();
        if (ended) return;
        ended = true;
        var _ = stream.writeAndFlush(QuicStreamFrame.EMPTY_FIN);
    }

    /** Writes last words behind what is pending, and ends the stream. */
    void end(ByteBuf lastWords) {
        flush();
        if (ended) {
            lastWords.release();
            return;
        }
        var _ = stream.write(lastWords);
        end();
    }

    /** Nothing more is written. */
    void giveUp() {
        ended = true;
        if (batch != null) batch.release();
        batch = null;
    }
}
