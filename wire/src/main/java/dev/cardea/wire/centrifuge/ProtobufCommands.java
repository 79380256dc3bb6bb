package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Commands as Protobuf messages. Reading ignores fields it does not know; of a field that comes
 * twice, embedded messages too, the last counts.
 */
final class ProtobufCommands {
    private ProtobufCommands() {}

    static Command read(ProtobufReader in) {
        int id = 0;
        Request request = null;
        ProtobufReader body = null;
        while (in.nextField()) {
            if (in.field() == 1) {
                id = in.uint32();
                continue;
            }
            Request found = Request.numbered(in.field());
            if (found == null || (request != null && request.isBefore(found))) {
                in.skip();
            } else {
                request = found;
                body = in.message();
            }
        }
        if (request == null || body == null) return new Command.Empty(id);
        return read(request, id, body);
    }

    private static Command read(Request request, int id, ProtobufReader in) {
        return switch (request) {
            case CONNECT -> connect(id, in);
            case SUBSCRIBE -> new Command.Subscribe(id, ProtobufSubscribeRequest.read(in));
            case UNSUBSCRIBE -> new Command.Unsubscribe(id, onlyText(in));
            case PUBLISH -> publish(id, in);
            case PRESENCE -> new Command.Presence(id, onlyText(in));
            case PRESENCE_STATS -> new Command.PresenceStats(id, onlyText(in));
            case HISTORY -> history(id, in);
            case PING -> ping(id, in);
            case RPC -> rpc(id, in);
            case SEND -> send(id, in);
            case REFRESH -> new Command.Refresh(id, onlyText(in));
            case SUB_REFRESH -> subRefresh(id, in);
        };
    }

    private static Command connect(int id, ProtobufReader in) {
        String token = "";
        Bytes data = Bytes.EMPTY;
        Map<String, SubscribeRequest> subs = new LinkedHashMap<>();
        String name = "";
        String version = "";
        Map<String, String> headers = new LinkedHashMap<>();
        long flag = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> token = in.text();
                case 2 -> data = in.bytes();
                case 3 ->
                        in.entry(
                                subs,
                                SubscribeRequest.to(""),
                                entry -> entry.message(ProtobufSubscribeRequest::read));
                case 4 -> name = in.text();
                case 5 -> version = in.text();
                case 6 -> in.entry(headers, "", ProtobufReader::text);
                case 7 -> flag = in.int64();
                default -> in.skip();
            }
        }
        return new Command.Connect(
                id,
                token,
                data,
                Collections.unmodifiableMap(subs),
                name,
                version,
                Collections.unmodifiableMap(headers),
                flag);
    }

    /** The text of a message that has one in field 1, and nothing else. */
    private static String onlyText(ProtobufReader in) {
        String text = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> text = in.text();
                default -> in.skip();
            }
        }
        return text;
    }

    private static Command publish(int id, ProtobufReader in) {
        String channel = "";
        Bytes data = Bytes.EMPTY;
        int type = 0;
        String key = "";
        boolean removed = false;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                case 2 -> data = in.bytes();
                case 3 -> type = in.int32();
                case 4 -> key = in.text();
                case 5 -> removed = in.bool();
                default -> in.skip();
            }
        }
        return new Command.Publish(id, channel, data, type, key, removed);
    }

    private static Command history(int id, ProtobufReader in) {
        String channel = "";
        int limit = 0;
        StreamPosition since = null;
        boolean reverse = false;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                case 7 -> limit = in.int32();
                case 8 -> since = in.message(ProtobufCommands::position);
                case 9 -> reverse = in.bool();
                default -> in.skip();
            }
        }
        return new Command.History(id, channel, limit, since, reverse);
    }

    private static StreamPosition position(ProtobufReader in) {
        long offset = 0;
        String epoch = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> offset = in.uint64();
                case 2 -> epoch = in.text();
                default -> in.skip();
            }
        }
        return new StreamPosition(offset, epoch);
    }

    private static Command ping(int id, ProtobufReader in) {
        while (in.nextField()) in.skip();
        return new Command.Ping(id);
    }

    private static Command rpc(int id, ProtobufReader in) {
        Bytes data = Bytes.EMPTY;
        String method = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> data = in.bytes();
                case 2 -> method = in.text();
                default -> in.skip();
            }
        }
        return new Command.Rpc(id, method, data);
    }

    private static Command send(int id, ProtobufReader in) {
        Bytes data = Bytes.EMPTY;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new Command.Send(id, data);
    }

    private static Command subRefresh(int id, ProtobufReader in) {
        String channel = "";
        String token = "";
        int type = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> type = in.int32();
                default -> in.skip();
            }
        }
        return new Command.SubRefresh(id, channel, token, type);
    }

    static void write(Command command, ByteWriter out) {
        ProtobufWriter.uint32(out, 1, command.id());
        switch (command) {
            case Command.Connect connect -> write(connect, out);
            case Command.Subscribe(int _, SubscribeRequest request) ->
                    ProtobufSubscribeRequest.write(Request.SUBSCRIBE.number, request, out);
            case Command.Unsubscribe(int _, String channel) ->
                    writeOnlyText(Request.UNSUBSCRIBE, channel, out);
            case Command.Publish publish -> write(publish, out);
            case Command.Presence(int _, String channel) ->
                    writeOnlyText(Request.PRESENCE, channel, out);
            case Command.PresenceStats(int _, String channel) ->
                    writeOnlyText(Request.PRESENCE_STATS, channel, out);
            case Command.History history -> write(history, out);
            case Command.Ping(int _) -> writeOnlyText(Request.PING, "", out);
            case Command.Rpc(int _, String method, Bytes data) -> {
                int mark = ProtobufWriter.begin(out, Request.RPC.number, data.length());
                ProtobufWriter.bytes(out, 1, data);
                ProtobufWriter.text(out, 2, method);
                ProtobufWriter.end(out, mark);
            }
            case Command.Send(int _, Bytes data) -> {
                int mark = ProtobufWriter.begin(out, Request.SEND.number, data.length());
                ProtobufWriter.bytes(out, 1, data);
                ProtobufWriter.end(out, mark);
            }
            case Command.Refresh(int _, String token) -> writeOnlyText(Request.REFRESH, token, out);
            case Command.SubRefresh(int _, String channel, String token, int type) -> {
                int mark = ProtobufWriter.begin(out, Request.SUB_REFRESH.number, token.length());
                ProtobufWriter.text(out, 1, channel);
                ProtobufWriter.text(out, 2, token);
                ProtobufWriter.uint64(out, 3, type);
                ProtobufWriter.end(out, mark);
            }
            case Command.Empty(int _) -> {}
        }
    }

    private static void writeOnlyText(Request request, String text, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, request.number, text.length());
        ProtobufWriter.text(out, 1, text);
        ProtobufWriter.end(out, mark);
    }

    private static void write(Command.Connect connect, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, Request.CONNECT.number, connect.token().length());
        ProtobufWriter.text(out, 1, connect.token());
        ProtobufWriter.bytes(out, 2, connect.data());
        connect.subs().forEach((channel, sub) -> write(channel, sub, out));
        ProtobufWriter.text(out, 4, connect.name());
        ProtobufWriter.text(out, 5, connect.version());
        ProtobufWriter.texts(out, 6, connect.headers());
        ProtobufWriter.uint64(out, 7, connect.flag());
        ProtobufWriter.end(out, mark);
    }

    private static void write(String channel, SubscribeRequest sub, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, 3, channel.length());
        ProtobufWriter.anyText(out, 1, channel);
        ProtobufSubscribeRequest.write(2, sub, out);
        ProtobufWriter.end(out, mark);
    }

    private static void write(Command.Publish publish, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, Request.PUBLISH.number, publish.data().length());
        ProtobufWriter.text(out, 1, publish.channel());
        ProtobufWriter.bytes(out, 2, publish.data());
        ProtobufWriter.uint64(out, 3, publish.type());
        ProtobufWriter.text(out, 4, publish.key());
        ProtobufWriter.bool(out, 5, publish.removed());
        ProtobufWriter.end(out, mark);
    }

    private static void write(Command.History history, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, Request.HISTORY.number, history.channel().length());
        ProtobufWriter.text(out, 1, history.channel());
        ProtobufWriter.uint64(out, 7, history.limit());
        StreamPosition since = history.since();
        if (since != null) {
            int sinceMark = ProtobufWriter.begin(out, 8, since.epoch().length());
            ProtobufWriter.uint64(out, 1, since.offset());
            ProtobufWriter.text(out, 2, since.epoch());
            ProtobufWriter.end(out, sinceMark);
        }
        ProtobufWriter.bool(out, 9, history.reverse());
        ProtobufWriter.end(out, mark);
    }
}
