package dev.cardea.server.net;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.MessageDeflater;
import dev.cardea.wire.websocket.MessageInflater;
import dev.cardea.wire.websocket.Opcode;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * {@code permessage-deflate} for the connections that negotiated it (RFC 7692). No message depends
 * on another, so each event loop has one deflater and one inflater for all of them. Thread safe.
 */
public final class Compression {
    private static final int SCRATCH_KEPT_BYTES = 256 * 1024;

    /** A ping has two bytes, and each connection gets one now and then. */
    private static final int NEVER_SHORTER_BYTES = 16;

    private final int level;
    private final int minBytes;
    private final LongAdder compressions = new LongAdder();

    private final FastThreadLocal<MessageDeflater> deflaters =
            new FastThreadLocal<>() {
                @Override
                protected MessageDeflater initialValue() {
                    return new MessageDeflater(level);
                }

                @Override
                protected void onRemoval(MessageDeflater deflater) {
                    deflater.close();
                }
            };

    private final FastThreadLocal<MessageInflater> inflaters =
            new FastThreadLocal<>() {
                @Override
                protected MessageInflater initialValue() {
                    return new MessageInflater();
                }

                @Override
                protected void onRemoval(MessageInflater inflater) {
                    inflater.close();
                }
            };

    private final FastThreadLocal<ByteWriter> scratches =
            new FastThreadLocal<>() {
                @Override
                protected ByteWriter initialValue() {
                    return new ByteWriter(4096);
                }
            };

    private final DeflateEncoding[] encodings;

    /**
     * @param level 1, the quickest, to 9, the smallest
     * @param minBytes messages that aren't longer than this go as they are
     */
    public Compression(int level, int minBytes) {
        this.level = level;
        this.minBytes = Math.max(minBytes, NEVER_SHORTER_BYTES);
        WebSocketEncoding[] plain = WebSocketEncoding.values();
        encodings = new DeflateEncoding[plain.length];
        for (WebSocketEncoding each : plain)
            encodings[each.index()] = new DeflateEncoding(each, this);
    }

    DeflateEncoding of(WebSocketEncoding plain) {
        return encodings[plain.index()];
    }

    /** The calling loop's. */
    MessageInflater inflater() {
        return inflaters.get();
    }

    /** Messages that were compressed so far, however many connections they went to. */
    public long compressions() {
        return compressions.sum();
    }

    /**
     * A frame with the message compressed, valid until the loop's next one; null: it is better sent
     * as it is.
     */
    @Nullable ByteWriter frame(int opcode, ByteBuffer message) {
        int length = message.remaining();
        if (length <= minBytes) return null;
        ByteWriter out = scratch();
        compressions.increment();
        if (message.hasArray()) {
            int from = message.arrayOffset() + message.position();
            deflaters.get().deflate(message.array(), from, length, out);
        } else {
            byte[] copy = new byte[length];
            message.get(message.position(), copy);
            deflaters.get().deflate(copy, 0, length, out);
        }
        if (out.length() >= length) return null;
        FrameWriter.wrap(opcode | Opcode.COMPRESSED, out, 0);
        return out;
    }

    private ByteWriter scratch() {
        ByteWriter scratch = scratches.get();
        if (scratch.array().length > SCRATCH_KEPT_BYTES) {
            scratch = new ByteWriter(4096);
            scratches.set(scratch);
        }
        scratch.clear();
        return scratch;
    }
}
