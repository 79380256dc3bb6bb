package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonReader;
import java.util.Map;

/** Commands as JSON objects. Reading ignores members it does not know. */
final class JsonCommands {
    private JsonCommands() {}

    /** npm {@code centrifuge} writes the id behind the request, others before it. */
    static Command read(JsonReader in) {
        int id = 0;
        Request request = null;
        Command command = null;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (name.equals("id")) {
                id = in.uint32();
                continue;
            }
            Request found = Request.named(name);
            if (found == null || (request != null && request.isBefore(found))) {
                in.skip();
            } else if (!in.skipNull()) {
                request = found;
                command = read(found, id, in);
            }
        }
        in.end();
        if (command == null) return new Command.Empty(id);
        return command.id() == id ? command : withId(id, command);
    }

    private static Command withId(int id, Command command) {
        return switch (command) {
            case Command.Connect c ->
                    new Command.Connect(
                            id,
                            c.token(),
                            c.data(),
                            c.subs(),
                            c.name(),
                            c.version(),
                            c.headers(),
                            c.flag());
            case Command.Subscribe c -> new Command.Subscribe(id, c.request());
            case Command.Unsubscribe c -> new Command.Unsubscribe(id, c.channel());
            case Command.Publish c ->
                    new Command.Publish(id, c.channel(), c.data(), c.type(), c.key(), c.removed());
            case Command.Presence c -> new Command.Presence(id, c.channel());
            case Command.PresenceStats c -> new Command.PresenceStats(id, c.channel());
            case Command.History c ->
                    new Command.History(id, c.channel(), c.limit(), c.since(), c.reverse());
            case Command.Rpc c -> new Command.Rpc(id, c.method(), c.data());
            case Command.Send c -> new Command.Send(id, c.data());
            case Command.Refresh c -> new Command.Refresh(id, c.token());
            case Command.SubRefresh c ->
                    new Command.SubRefresh(id, c.channel(), c.token(), c.type());
            case Command.Ping _ -> new Command.Ping(id);
            case Command.Empty _ -> new Command.Empty(id);
        };
    }

    private static Command read(Request request, int id, JsonReader in) {
        return switch (request) {
            case CONNECT -> connect(id, in);
            case SUBSCRIBE -> new Command.Subscribe(id, JsonSubscribeRequest.read(in));
            case UNSUBSCRIBE -> new Command.Unsubscribe(id, channel(in));
            case PUBLISH -> publish(id, in);
            case PRESENCE -> new Command.Presence(id, channel(in));
            case PRESENCE_STATS -> new Command.PresenceStats(id, channel(in));
            case HISTORY -> history(id, in);
            case PING -> ping(id, in);
            case RPC -> rpc(id, in);
            case SEND -> send(id, in);
            case REFRESH -> refresh(id, in);
            case SUB_REFRESH -> subRefresh(id, in);
        };
    }

    /** The body of a connect command alone. */
    static Command.Connect readConnect(JsonReader in) {
        Command.Connect connect = connect(1, in);
        in.end();
        return connect;
    }

    private static Command.Connect connect(int id, JsonReader in) {
        String token = "";
        Bytes data = Bytes.EMPTY;
        Map<String, SubscribeRequest> subs = Map.of();
        String clientName = "";
        String version = "";
        Map<String, String> headers = Map.of();
        long flag = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "token" -> token = in.text();
                case "data" -> data = in.raw();
                case "subs" -> subs = JsonFields.map(in, JsonSubscribeRequest::read);
                case "name" -> clientName = in.text();
                case "version" -> version = in.text();
                case "headers" -> headers = JsonFields.map(in, JsonReader::text);
                case "flag" -> flag = in.int64();
                default -> in.skip();
            }
        }
        return new Command.Connect(id, token, data, subs, clientName, version, headers, flag);
    }

    private static String channel(JsonReader in) {
        String channel = "";
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "channel" -> channel = in.text();
                default -> in.skip();
            }
        }
        return channel;
    }

    private static Command publish(int id, JsonReader in) {
        String channel = "";
        Bytes data = Bytes.EMPTY;
        int type = 0;
        String key = "";
        boolean removed = false;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "channel" -> channel = in.text();
                case "data" -> data = in.raw();
                case "type" -> type = in.int32();
                case "key" -> key = in.text();
                case "removed" -> removed = in.bool();
                default -> in.skip();
            }
        }
        return new Command.Publish(id, channel, data, type, key, removed);
    }

    private static Command history(int id, JsonReader in) {
        String channel = "";
        int limit = 0;
        StreamPosition since = null;
        boolean reverse = false;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "channel" -> channel = in.text();
                case "limit" -> limit = in.int32();
                case "since" -> since = in.skipNull() ? null : position(in);
                case "reverse" -> reverse = in.bool();
                default -> in.skip();
            }
        }
        return new Command.History(id, channel, limit, since, reverse);
    }

    private static StreamPosition position(JsonReader in) {
        long offset = 0;
        String epoch = "";
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "offset" -> offset = in.uint64();
                case "epoch" -> epoch = in.text();
                default -> in.skip();
            }
        }
        return new StreamPosition(offset, epoch);
    }

    private static Command ping(int id, JsonReader in) {
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) in.skip();
        return new Command.Ping(id);
    }

    private static Command rpc(int id, JsonReader in) {
        String method = "";
        Bytes data = Bytes.EMPTY;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "method" -> method = in.text();
                case "data" -> data = in.raw();
                default -> in.skip();
            }
        }
        return new Command.Rpc(id, method, data);
    }

    private static Command send(int id, JsonReader in) {
        Bytes data = Bytes.EMPTY;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "data" -> data = in.raw();
                default -> in.skip();
            }
        }
        return new Command.Send(id, data);
    }

    private static Command refresh(int id, JsonReader in) {
        String token = "";
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "token" -> token = in.text();
                default -> in.skip();
            }
        }
        return new Command.Refresh(id, token);
    }

    private static Command subRefresh(int id, JsonReader in) {
        String channel = "";
        String token = "";
        int type = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "channel" -> channel = in.text();
                case "token" -> token = in.text();
                case "type" -> type = in.int32();
                default -> in.skip();
            }
        }
        return new Command.SubRefresh(id, channel, token, type);
    }

    static void write(Command command, ByteWriter out) {
        out.put('{');
        JsonFields.uint32(out, "id", command.id());
        switch (command) {
            case Command.Connect connect -> write(connect, out);
            case Command.Subscribe(int _, SubscribeRequest request) ->
                    JsonSubscribeRequest.write(Request.SUBSCRIBE.field, request, out);
            case Command.Unsubscribe(int _, String channel) ->
                    writeChannel(Request.UNSUBSCRIBE, channel, out);
            case Command.Publish publish -> write(publish, out);
            case Command.Presence(int _, String channel) ->
                    writeChannel(Request.PRESENCE, channel, out);
            case Command.PresenceStats(int _, String channel) ->
                    writeChannel(Request.PRESENCE_STATS, channel, out);
            case Command.History history -> write(history, out);
            case Command.Rpc(int _, String method, Bytes data) -> {
                JsonFields.begin(out, "rpc");
                JsonFields.raw(out, "data", data);
                JsonFields.text(out, "method", method);
                out.put('}');
            }
            case Command.Send(int _, Bytes data) -> {
                JsonFields.begin(out, "send");
                JsonFields.raw(out, "data", data);
                out.put('}');
            }
            case Command.Refresh(int _, String token) -> {
                JsonFields.begin(out, "refresh");
                JsonFields.text(out, "token", token);
                out.put('}');
            }
            case Command.SubRefresh(int _, String channel, String token, int type) -> {
                JsonFields.begin(out, "sub_refresh");
                JsonFields.text(out, "channel", channel);
                JsonFields.text(out, "token", token);
                JsonFields.int64(out, "type", type);
                out.put('}');
            }
            case Command.Ping(int _) -> {
                JsonFields.begin(out, "ping");
                out.put('}');
            }
            case Command.Empty(int _) -> {}
        }
        out.put('}');
    }

    private static void writeChannel(Request request, String channel, ByteWriter out) {
        JsonFields.begin(out, request.field);
        JsonFields.text(out, "channel", channel);
        out.put('}');
    }

    private static void write(Command.Connect connect, ByteWriter out) {
        JsonFields.begin(out, "connect");
        JsonFields.text(out, "token", connect.token());
        JsonFields.raw(out, "data", connect.data());
        if (!connect.subs().isEmpty()) {
            JsonFields.begin(out, "subs");
            connect.subs().forEach((name, sub) -> JsonSubscribeRequest.write(name, sub, out));
            out.put('}');
        }
        JsonFields.text(out, "name", connect.name());
        JsonFields.text(out, "version", connect.version());
        JsonFields.texts(out, "headers", connect.headers());
        JsonFields.int64(out, "flag", connect.flag());
        out.put('}');
    }

    private static void write(Command.Publish publish, ByteWriter out) {
        JsonFields.begin(out, "publish");
        JsonFields.text(out, "channel", publish.channel());
        JsonFields.raw(out, "data", publish.data());
        JsonFields.int64(out, "type", publish.type());
        JsonFields.text(out, "key", publish.key());
        JsonFields.bool(out, "removed", publish.removed());
        out.put('}');
    }

    private static void write(Command.History history, ByteWriter out) {
        JsonFields.begin(out, "history");
        JsonFields.text(out, "channel", history.channel());
        JsonFields.int64(out, "limit", history.limit());
        StreamPosition since = history.since();
        if (since != null) {
            JsonFields.begin(out, "since");
            JsonFields.uint64(out, "offset", since.offset());
            JsonFields.text(out, "epoch", since.epoch());
            out.put('}');
        }
        JsonFields.bool(out, "reverse", history.reverse());
        out.put('}');
    }
}
