package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One encoding of the Centrifugo client protocol. Stateless and thread safe.
 *
 * <p>A transport message holds one or more commands: JSON objects separated by newlines, or
 * Protobuf messages each behind its varint length.
 */
public sealed interface Codec permits JsonCodec, ProtobufCodec {
    /**
     * Takes the next command off the message and moves the message's position behind it.
     *
     * @param message borrowed until the call returns; whatever is kept is copied
     * @param maxCommandBytes a longer command is refused, its separator or length prefix not
     *     counted
     * @return null at the end of the message
     * @throws Malformed the message cannot be read on
     */
    @Nullable Command next(ByteBuffer message, int maxCommandBytes);

    /**
     * Writes one reply as a part of a transport message that may hold several: JSON with its
     * newline behind it, Protobuf with its length before it. The last newline of a JSON message may
     * be cut off by the caller.
     */
    void write(Reply reply, ByteWriter out);

    /**
     * Writes one push for a unidirectional transport, framed as {@link #write(Reply, ByteWriter)}
     * does.
     */
    void write(Push push, ByteWriter out);
}
