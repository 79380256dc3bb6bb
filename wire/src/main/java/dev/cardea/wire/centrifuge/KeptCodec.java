package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;

/**
 * Publications and clients as a broker keeps them and nodes tell each other: one Protobuf message,
 * without a length before it. What the client protocol's own messages have, and nothing else.
 */
public final class KeptCodec {
    private KeptCodec() {}

    public static byte[] write(Publication publication) {
        ByteWriter out = new ByteWriter(publication.data().length() + 64);
        ProtobufPublications.writeFields(publication, out);
        return out.toArray();
    }

    /**
     * @param from where it begins in {@code array}, which is borrowed
     * @throws Malformed it is something else
     */
    public static Publication publication(byte[] array, int from, int to) {
        return ProtobufPublications.read(new ProtobufReader(array, from, to));
    }

    public static byte[] write(ClientInfo info) {
        ByteWriter out = new ByteWriter(info.connInfo().length() + 64);
        ProtobufPublications.writeFields(info, out);
        return out.toArray();
    }

    /**
     * @param from where it begins in {@code array}, which is borrowed
     * @throws Malformed it is something else
     */
    public static ClientInfo info(byte[] array, int from, int to) {
        return ProtobufPublications.readInfo(new ProtobufReader(array, from, to));
    }
}
