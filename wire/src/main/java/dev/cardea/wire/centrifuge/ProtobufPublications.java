package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Publications and the clients who made them. */
final class ProtobufPublications {
    private ProtobufPublications() {}

    static void write(int field, Publication publication, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, field, publication.data().length());
        writeFields(publication, out);
        ProtobufWriter.end(out, mark);
    }

    static void writeFields(Publication publication, ByteWriter out) {
        ProtobufWriter.bytes(out, 4, publication.data());
        ClientInfo info = publication.info();
        if (info != null) write(5, info, out);
        ProtobufWriter.uint64(out, 6, publication.offset());
        ProtobufWriter.texts(out, 7, publication.tags());
        ProtobufWriter.bool(out, 8, publication.delta());
        ProtobufWriter.uint64(out, 9, publication.timeMillis());
        ProtobufWriter.text(out, 10, publication.channel());
        ProtobufWriter.text(out, 11, publication.key());
        ProtobufWriter.bool(out, 12, publication.removed());
        ProtobufWriter.sint64(out, 13, publication.score());
        ProtobufWriter.text(out, 14, publication.epoch());
        ProtobufWriter.uint64(out, 16, publication.version());
    }

    static void write(int field, ClientInfo info, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, field, info.connInfo().length());
        writeFields(info, out);
        ProtobufWriter.end(out, mark);
    }

    static void writeFields(ClientInfo info, ByteWriter out) {
        ProtobufWriter.text(out, 1, info.user());
        ProtobufWriter.text(out, 2, info.client());
        ProtobufWriter.bytes(out, 3, info.connInfo());
        ProtobufWriter.bytes(out, 4, info.chanInfo());
    }

    static Publication read(ProtobufReader in) {
        Bytes data = Bytes.EMPTY;
        ClientInfo info = null;
        long offset = 0;
        Map<String, String> tags = new LinkedHashMap<>();
        boolean delta = false;
        long timeMillis = 0;
        String channel = "";
        String key = "";
        boolean removed = false;
        long score = 0;
        String epoch = "";
        long version = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 4 -> data = in.bytes();
                case 5 -> info = in.message(ProtobufPublications::readInfo);
                case 6 -> offset = in.uint64();
                case 7 -> in.entry(tags, "", ProtobufReader::text);
                case 8 -> delta = in.bool();
                case 9 -> timeMillis = in.int64();
                case 10 -> channel = in.text();
                case 11 -> key = in.text();
                case 12 -> removed = in.bool();
                case 13 -> score = in.sint64();
                case 14 -> epoch = in.text();
                case 16 -> version = in.uint64();
                default -> in.skip();
            }
        }
        return new Publication(
                data,
                info,
                offset,
                Collections.unmodifiableMap(tags),
                delta,
                timeMillis,
                channel,
                key,
                removed,
                score,
                epoch,
                version);
    }

    static ClientInfo readInfo(ProtobufReader in) {
        String user = "";
        String client = "";
        Bytes connInfo = Bytes.EMPTY;
        Bytes chanInfo = Bytes.EMPTY;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> user = in.text();
                case 2 -> client = in.text();
                case 3 -> connInfo = in.bytes();
                case 4 -> chanInfo = in.bytes();
                default -> in.skip();
            }
        }
        return new ClientInfo(user, client, connInfo, chanInfo);
    }
}
