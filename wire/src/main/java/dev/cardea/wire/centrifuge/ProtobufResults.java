package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two large results. */
final class ProtobufResults {
    static final SubscribeResult EMPTY =
            new SubscribeResult(
                    false, 0, false, "", List.of(), false, 0, false, Bytes.EMPTY, false, false);

    private ProtobufResults() {}

    static void write(int field, ConnectResult result, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, field, result.data().length());
        ProtobufWriter.text(out, 1, result.client());
        ProtobufWriter.text(out, 2, result.version());
        ProtobufWriter.bool(out, 3, result.expires());
        ProtobufWriter.uint32(out, 4, result.ttlSeconds());
        ProtobufWriter.bytes(out, 5, result.data());
        result.subs().forEach((channel, sub) -> writeEntry(6, channel, sub, out));
        ProtobufWriter.uint32(out, 7, result.pingSeconds());
        ProtobufWriter.bool(out, 8, result.pong());
        ProtobufWriter.text(out, 9, result.session());
        ProtobufWriter.text(out, 10, result.node());
        ProtobufWriter.uint64(out, 11, result.timeMillis());
        ProtobufWriter.end(out, mark);
    }

    static void writeEntry(int field, String channel, SubscribeResult sub, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, field, channel.length());
        ProtobufWriter.anyText(out, 1, channel);
        write(2, sub, out);
        ProtobufWriter.end(out, mark);
    }

    static void write(int field, SubscribeResult result, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, field, result.data().length());
        ProtobufWriter.bool(out, 1, result.expires());
        ProtobufWriter.uint32(out, 2, result.ttlSeconds());
        ProtobufWriter.bool(out, 3, result.recoverable());
        ProtobufWriter.text(out, 6, result.epoch());
        if (result.publications() instanceof SharedPublications shared) out.put(shared.protobuf());
        else writeMissed(result.publications(), out);
        ProtobufWriter.bool(out, 8, result.recovered());
        ProtobufWriter.uint64(out, 9, result.offset());
        ProtobufWriter.bool(out, 10, result.positioned());
        ProtobufWriter.bytes(out, 11, result.data());
        ProtobufWriter.bool(out, 12, result.wasRecovering());
        ProtobufWriter.bool(out, 13, result.delta());
        ProtobufWriter.end(out, mark);
    }

    static void writeMissed(List<Publication> publications, ByteWriter out) {
        for (Publication publication : publications)
            ProtobufPublications.write(7, publication, out);
    }

    static ConnectResult readConnect(ProtobufReader in) {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        Bytes data = Bytes.EMPTY;
        Map<String, SubscribeResult> subs = new LinkedHashMap<>();
        int pingSeconds = 0;
        boolean pong = false;
        String session = "";
        String node = "";
        long timeMillis = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> client = in.text();
                case 2 -> version = in.text();
                case 3 -> expires = in.bool();
                case 4 -> ttlSeconds = in.uint32();
                case 5 -> data = in.bytes();
                case 6 -> readEntry(subs, in);
                case 7 -> pingSeconds = in.uint32();
                case 8 -> pong = in.bool();
                case 9 -> session = in.text();
                case 10 -> node = in.text();
                case 11 -> timeMillis = in.int64();
                default -> in.skip();
            }
        }
        return new ConnectResult(
                client,
                version,
                expires,
                ttlSeconds,
                data,
                Collections.unmodifiableMap(subs),
                pingSeconds,
                pong,
                session,
                node,
                timeMillis);
    }

    static void readEntry(Map<String, SubscribeResult> subs, ProtobufReader in) {
        in.entry(subs, EMPTY, entry -> entry.message(ProtobufResults::readSubscribe));
    }

    static SubscribeResult readSubscribe(ProtobufReader in) {
        boolean expires = false;
        int ttlSeconds = 0;
        boolean recoverable = false;
        String epoch = "";
        List<Publication> publications = new ArrayList<>();
        boolean recovered = false;
        long offset = 0;
        boolean positioned = false;
        Bytes data = Bytes.EMPTY;
        boolean wasRecovering = false;
        boolean delta = false;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> expires = in.bool();
                case 2 -> ttlSeconds = in.uint32();
                case 3 -> recoverable = in.bool();
                case 6 -> epoch = in.text();
                case 7 -> publications.add(in.message(ProtobufPublications::read));
                case 8 -> recovered = in.bool();
                case 9 -> offset = in.uint64();
                case 10 -> positioned = in.bool();
                case 11 -> data = in.bytes();
                case 12 -> wasRecovering = in.bool();
                case 13 -> delta = in.bool();
                default -> in.skip();
            }
        }
        return new SubscribeResult(
                expires,
                ttlSeconds,
                recoverable,
                epoch,
                Collections.unmodifiableList(publications),
                recovered,
                offset,
                positioned,
                data,
                wasRecovering,
                delta);
    }
}
