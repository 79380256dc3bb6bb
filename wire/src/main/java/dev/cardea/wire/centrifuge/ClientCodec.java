package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an encoding, for scripted clients and load generators. Stateless and thread
 * safe. Framing is that of {@link Codec}.
 */
public sealed interface ClientCodec permits JsonClientCodec, ProtobufClientCodec {
    /**
     * Writes one command as a part of a transport message that may hold several. The last newline
     * of a JSON message may be cut off by the caller.
     */
    void write(Command command, ByteWriter out);

    /**
     * Takes the next reply off the message and moves the message's position behind it.
     *
     * @return null at the end of the message
     * @throws Malformed the message cannot be read on
     */
    @Nullable Reply next(ByteBuffer message);

    /** The same for the pushes of a unidirectional transport. */
    @Nullable Push nextPush(ByteBuffer message);
}
