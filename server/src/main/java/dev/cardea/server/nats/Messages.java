package dev.cardea.server.nats;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.EventsCodec;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.KeptCodec;
import dev.cardea.wire.centrifuge.Publication;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is stored and told of a channel. The first byte says which it is:
 *
 * <pre>
 * a  flags (1)  nonce (8)  [version (8)  length of its epoch (2)  epoch]  a Protobuf Publication
 * p  flags (1)  a Protobuf Publication
 * e  joins and leaves
 * </pre>
 *
 * Flags: 1 may be sent as a patch, 2 has a version.
 */
final class Messages {
    private static final int PATCHED = 1;
    private static final int VERSIONED = 2;
    private static final int LONGEST_HEAD = 20;

    private Messages() {}

    /**
     * A stored publication.
     *
     * @param version 0: it has none
     */
    record Stored(
            long nonce,
            boolean isPatched,
            long version,
            String versionEpoch,
            Publication publication) {}

    static byte[] stored(
            long nonce,
            boolean isPatched,
            long version,
            String versionEpoch,
            Publication publication) {
        byte[] payload = KeptCodec.write(publication);
        byte[] epoch = versionEpoch.getBytes(StandardCharsets.UTF_8);
        if (epoch.length > 0xFFFF) throw new IllegalArgumentException("a version's epoch");
        ByteBuffer out = ByteBuffer.allocate(payload.length + epoch.length + LONGEST_HEAD);
        out.put((byte) 'a').put(flags(isPatched, version != 0)).putLong(nonce);
        if (version != 0) out.putLong(version).putShort((short) epoch.length).put(epoch);
        return written(out.put(payload));
    }

    private static byte flags(boolean isPatched, boolean isVersioned) {
        return (byte) ((isPatched ? PATCHED : 0) | (isVersioned ? VERSIONED : 0));
    }

    private static byte[] written(ByteBuffer out) {
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    static byte[] passing(boolean isPatched, Publication publication) {
        byte[] payload = KeptCodec.write(publication);
        ByteBuffer out = ByteBuffer.allocate(payload.length + 2);
        return out.put((byte) 'p').put(flags(isPatched, false)).put(payload).array();
    }

    static byte[] events(List<PresenceEvent> events) {
        ByteWriter out = new ByteWriter(64 * events.size());
        out.put('e');
        EventsCodec.write(events, out);
        return out.toArray();
    }

    /**
     * @throws Malformed nothing that a node would have stored
     */
    static Stored parseStored(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            if (in.get() != 'a') throw new Malformed("a stored message of an unknown kind");
            byte flags = in.get();
            long nonce = in.getLong();
            boolean isVersioned = (flags & VERSIONED) != 0;
            long version = isVersioned ? in.getLong() : 0;
            String epoch = "";
            if (isVersioned) {
                byte[] bytes = new byte[Math.min(in.getShort() & 0xFFFF, in.remaining() + 1)];
                in.get(bytes);
                epoch = new String(bytes, StandardCharsets.UTF_8);
            }
            Publication publication = publication(message, in);
            return new Stored(nonce, (flags & PATCHED) != 0, version, epoch, publication);
        } catch (BufferUnderflowException _) {
            throw new Malformed("a message without its end");
        }
    }

    private static Publication publication(byte[] message, ByteBuffer in) {
        return KeptCodec.publication(message, in.position(), in.limit());
    }

    /**
     * What isn't stored.
     *
     * @throws Malformed nothing that a node would have told
     */
    static Arrival parseTold(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            return switch (in.get()) {
                case 'p' -> {
                    boolean isPatched = (in.get() & PATCHED) != 0;
                    yield new Arrival.Passing(isPatched, publication(message, in));
                }
                case 'e' -> new Arrival.Events(EventsCodec.read(message, in.position()));
                default -> throw new Malformed("a message of an unknown kind");
            };
        } catch (BufferUnderflowException _) {
            throw new Malformed("a message without its end");
        }
    }
}
