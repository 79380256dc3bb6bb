package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Subscribe requests and the tags filters inside. */
final class ProtobufSubscribeRequest {
    private ProtobufSubscribeRequest() {}

    static SubscribeRequest read(ProtobufReader in) {
        String channel = "";
        String token = "";
        boolean recover = false;
        String epoch = "";
        long offset = 0;
        Bytes data = Bytes.EMPTY;
        boolean positioned = false;
        boolean recoverable = false;
        boolean joinLeave = false;
        String delta = "";
        FilterNode tf = null;
        long flag = 0;
        int type = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> recover = in.bool();
                case 6 -> epoch = in.text();
                case 7 -> offset = in.uint64();
                case 8 -> data = in.bytes();
                case 9 -> positioned = in.bool();
                case 10 -> recoverable = in.bool();
                case 11 -> joinLeave = in.bool();
                case 12 -> delta = in.text();
                case 13 -> tf = filter(in.message(), 1, new FilterNode.Room());
                case 14 -> flag = in.int64();
                case 15 -> type = in.int32();
                default -> in.skip();
            }
        }
        return new SubscribeRequest(
                channel,
                token,
                recover,
                epoch,
                offset,
                data,
                positioned,
                recoverable,
                joinLeave,
                delta,
                tf,
                flag,
                type);
    }

    private static FilterNode filter(ProtobufReader in, int depth, FilterNode.Room room) {
        if (!room.takes(depth)) return FilterNode.TOO_MUCH;
        String op = "";
        String key = "";
        String cmp = "";
        String val = "";
        List<String> vals = new ArrayList<>();
        List<FilterNode> nodes = new ArrayList<>();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> op = in.text();
                case 2 -> key = in.text();
                case 3 -> cmp = in.text();
                case 4 -> val = in.text();
                case 5 -> vals.add(in.text());
                case 6 -> nodes.add(filter(in.message(), depth + 1, room));
                default -> in.skip();
            }
        }
        return new FilterNode(
                op,
                key,
                cmp,
                val,
                Collections.unmodifiableList(vals),
                Collections.unmodifiableList(nodes));
    }

    static void write(int field, SubscribeRequest request, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, field, request.token().length());
        ProtobufWriter.text(out, 1, request.channel());
        ProtobufWriter.text(out, 2, request.token());
        ProtobufWriter.bool(out, 3, request.recover());
        ProtobufWriter.text(out, 6, request.epoch());
        ProtobufWriter.uint64(out, 7, request.offset());
        ProtobufWriter.bytes(out, 8, request.data());
        ProtobufWriter.bool(out, 9, request.positioned());
        ProtobufWriter.bool(out, 10, request.recoverable());
        ProtobufWriter.bool(out, 11, request.joinLeave());
        ProtobufWriter.text(out, 12, request.delta());
        FilterNode tf = request.tf();
        if (tf != null) write(13, tf, out);
        ProtobufWriter.uint64(out, 14, request.flag());
        ProtobufWriter.uint64(out, 15, request.type());
        ProtobufWriter.end(out, mark);
    }

    private static void write(int field, FilterNode node, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, field, 0);
        ProtobufWriter.text(out, 1, node.op());
        ProtobufWriter.text(out, 2, node.key());
        ProtobufWriter.text(out, 3, node.cmp());
        ProtobufWriter.text(out, 4, node.val());
        for (String val : node.vals()) ProtobufWriter.anyText(out, 5, val);
        for (FilterNode child : node.nodes()) write(6, child, out);
        ProtobufWriter.end(out, mark);
    }
}
