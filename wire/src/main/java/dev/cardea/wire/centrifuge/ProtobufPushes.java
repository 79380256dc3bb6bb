package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pushes as Protobuf messages. */
final class ProtobufPushes {
    private ProtobufPushes() {}

    /** No more bytes than the push will take. */
    static int atLeastBytes(Push push) {
        return push.channel().length()
                + switch (push) {
                    case Push.Pub(String _, Publication publication) -> publication.data().length();
                    case Push.Message(Bytes data) -> data.length();
                    case Push.Subscribe subscribe -> subscribe.data().length();
                    case Push.Connect(ConnectResult result) -> result.data().length();
                    case Push.Join _, Push.Leave _, Push.Unsubscribe _ -> 0;
                    case Push.Disconnect _, Push.Refresh _ -> 0;
                };
    }

    static void write(Push push, ByteWriter out) {
        ProtobufWriter.text(out, 2, push.channel());
        switch (push) {
            case Push.Pub(String _, Publication publication) ->
                    ProtobufPublications.write(4, publication, out);
            case Push.Join(String _, ClientInfo info) -> writeInfo(5, info, out);
            case Push.Leave(String _, ClientInfo info) -> writeInfo(6, info, out);
            case Push.Unsubscribe(String _, int code, String reason) -> {
                int mark = ProtobufWriter.begin(out, 7, reason.length());
                ProtobufWriter.uint32(out, 2, code);
                ProtobufWriter.text(out, 3, reason);
                ProtobufWriter.end(out, mark);
            }
            case Push.Message(Bytes data) -> {
                int mark = ProtobufWriter.begin(out, 8, data.length());
                ProtobufWriter.bytes(out, 1, data);
                ProtobufWriter.end(out, mark);
            }
            case Push.Subscribe subscribe -> write(subscribe, out);
            case Push.Connect(ConnectResult result) -> write(result, out);
            case Push.Disconnect(int code, String reason) -> {
                int mark = ProtobufWriter.begin(out, 11, reason.length());
                ProtobufWriter.uint32(out, 1, code);
                ProtobufWriter.text(out, 2, reason);
                ProtobufWriter.end(out, mark);
            }
            case Push.Refresh(boolean expires, int ttlSeconds) -> {
                int mark = ProtobufWriter.begin(out, 12, 0);
                ProtobufWriter.bool(out, 1, expires);
                ProtobufWriter.uint32(out, 2, ttlSeconds);
                ProtobufWriter.end(out, mark);
            }
        }
    }

    private static void writeInfo(int field, ClientInfo info, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, field, info.connInfo().length());
        ProtobufPublications.write(1, info, out);
        ProtobufWriter.end(out, mark);
    }

    private static void write(Push.Subscribe subscribe, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, 9, subscribe.data().length());
        ProtobufWriter.bool(out, 1, subscribe.recoverable());
        ProtobufWriter.text(out, 4, subscribe.epoch());
        ProtobufWriter.uint64(out, 5, subscribe.offset());
        ProtobufWriter.bool(out, 6, subscribe.positioned());
        ProtobufWriter.bytes(out, 7, subscribe.data());
        ProtobufWriter.end(out, mark);
    }

    /** The fields of a connect result, but numbered otherwise than in the reply. */
    private static void write(ConnectResult result, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, 10, result.data().length());
        ProtobufWriter.text(out, 1, result.client());
        ProtobufWriter.text(out, 2, result.version());
        ProtobufWriter.bytes(out, 3, result.data());
        result.subs().forEach((name, sub) -> ProtobufResults.writeEntry(4, name, sub, out));
        ProtobufWriter.bool(out, 5, result.expires());
        ProtobufWriter.uint32(out, 6, result.ttlSeconds());
        ProtobufWriter.uint32(out, 7, result.pingSeconds());
        ProtobufWriter.bool(out, 8, result.pong());
        ProtobufWriter.text(out, 9, result.session());
        ProtobufWriter.text(out, 10, result.node());
        ProtobufWriter.uint64(out, 11, result.timeMillis());
        ProtobufWriter.end(out, mark);
    }

    static Push read(ProtobufReader in) {
        String channel = "";
        int body = 0;
        ProtobufReader message = null;
        while (in.nextField()) {
            switch (in.field()) {
                case 2 -> channel = in.text();
                case 4, 5, 6, 7, 8, 9, 10, 11, 12 -> {
                    body = in.field();
                    message = in.message();
                }
                default -> in.skip();
            }
        }
        if (message == null) throw new Malformed("push without a body");
        return read(body, channel, message);
    }

    private static Push read(int body, String channel, ProtobufReader in) {
        return switch (body) {
            case 4 -> new Push.Pub(channel, ProtobufPublications.read(in));
            case 5 -> new Push.Join(channel, info(in));
            case 6 -> new Push.Leave(channel, info(in));
            case 7 -> unsubscribe(channel, in);
            case 8 -> message(in);
            case 9 -> subscribe(channel, in);
            case 10 -> connect(in);
            case 11 -> disconnect(in);
            default -> refresh(in);
        };
    }

    private static ClientInfo info(ProtobufReader in) {
        ClientInfo info = new ClientInfo("", "", Bytes.EMPTY, Bytes.EMPTY);
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> info = in.message(ProtobufPublications::readInfo);
                default -> in.skip();
            }
        }
        return info;
    }

    private static Push unsubscribe(String channel, ProtobufReader in) {
        int code = 0;
        String reason = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 2 -> code = in.uint32();
                case 3 -> reason = in.text();
                default -> in.skip();
            }
        }
        return new Push.Unsubscribe(channel, code, reason);
    }

    private static Push message(ProtobufReader in) {
        Bytes data = Bytes.EMPTY;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new Push.Message(data);
    }

    private static Push subscribe(String channel, ProtobufReader in) {
        boolean recoverable = false;
        String epoch = "";
        long offset = 0;
        boolean positioned = false;
        Bytes data = Bytes.EMPTY;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> recoverable = in.bool();
                case 4 -> epoch = in.text();
                case 5 -> offset = in.uint64();
                case 6 -> positioned = in.bool();
                case 7 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new Push.Subscribe(channel, recoverable, epoch, offset, positioned, data);
    }

    private static Push connect(ProtobufReader in) {
        String client = "";
        String version = "";
        Bytes data = Bytes.EMPTY;
        Map<String, SubscribeResult> subs = new LinkedHashMap<>();
        boolean expires = false;
        int ttlSeconds = 0;
        int pingSeconds = 0;
        boolean pong = false;
        String session = "";
        String node = "";
        long timeMillis = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> client = in.text();
                case 2 -> version = in.text();
                case 3 -> data = in.bytes();
                case 4 -> ProtobufResults.readEntry(subs, in);
                case 5 -> expires = in.bool();
                case 6 -> ttlSeconds = in.uint32();
                case 7 -> pingSeconds = in.uint32();
                case 8 -> pong = in.bool();
                case 9 -> session = in.text();
                case 10 -> node = in.text();
                case 11 -> timeMillis = in.int64();
                default -> in.skip();
            }
        }
        return new Push.Connect(
                new ConnectResult(
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
                        timeMillis));
    }

    private static Push disconnect(ProtobufReader in) {
        int code = 0;
        String reason = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> code = in.uint32();
                case 2 -> reason = in.text();
                default -> in.skip();
            }
        }
        return new Push.Disconnect(code, reason);
    }

    private static Push refresh(ProtobufReader in) {
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> expires = in.bool();
                case 2 -> ttlSeconds = in.uint32();
                default -> in.skip();
            }
        }
        return new Push.Refresh(expires, ttlSeconds);
    }
}
