package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;

/** Pushes as JSON objects. */
final class JsonPushes {
    private JsonPushes() {}

    static void write(Push push, ByteWriter out) {
        out.put('{');
        JsonFields.text(out, "channel", push.channel());
        switch (push) {
            case Push.Pub(String _, Publication publication) ->
                    JsonPublications.write("pub", publication, out);
            case Push.Join(String _, ClientInfo info) -> writePresence("join", info, out);
            case Push.Leave(String _, ClientInfo info) -> writePresence("leave", info, out);
            case Push.Unsubscribe(String _, int code, String reason) ->
                    writeEnd("unsubscribe", code, reason, out);
            case Push.Subscribe subscribe -> write(subscribe, out);
            case Push.Message(Bytes data) -> {
                JsonFields.begin(out, "message");
                JsonFields.raw(out, "data", data);
                out.put('}');
            }
            case Push.Connect(ConnectResult result) -> JsonResults.write(result, out);
            case Push.Disconnect(int code, String reason) ->
                    writeEnd("disconnect", code, reason, out);
            case Push.Refresh(boolean expires, int ttlSeconds) -> {
                JsonFields.begin(out, "refresh");
                JsonFields.bool(out, "expires", expires);
                JsonFields.uint32(out, "ttl", ttlSeconds);
                out.put('}');
            }
        }
        out.put('}');
    }

    private static void writePresence(String name, ClientInfo info, ByteWriter out) {
        JsonFields.begin(out, name);
        JsonPublications.write("info", info, out);
        out.put('}');
    }

    private static void writeEnd(String name, int code, String reason, ByteWriter out) {
        JsonFields.begin(out, name);
        JsonFields.uint32(out, "code", code);
        JsonFields.text(out, "reason", reason);
        out.put('}');
    }

    private static void write(Push.Subscribe subscribe, ByteWriter out) {
        JsonFields.begin(out, "subscribe");
        JsonFields.bool(out, "recoverable", subscribe.recoverable());
        JsonFields.text(out, "epoch", subscribe.epoch());
        JsonFields.uint64(out, "offset", subscribe.offset());
        JsonFields.bool(out, "positioned", subscribe.positioned());
        JsonFields.raw(out, "data", subscribe.data());
        out.put('}');
    }

    /** Reads a push; the channel may come behind its body, so the body's place is kept. */
    static Push read(JsonReader in) {
        String channel = "";
        String body = "";
        Push push = null;
        int start = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "channel" -> channel = in.text();
                case "pub",
                        "join",
                        "leave",
                        "unsubscribe",
                        "message",
                        "subscribe",
                        "connect",
                        "disconnect",
                        "refresh" -> {
                    if (in.skipNull()) continue;
                    start = in.position();
                    body = name;
                    push = read(body, channel, in);
                }
                default -> in.skip();
            }
        }
        if (push == null) throw new Malformed("push without a body");
        if (!push.channel().equals(channel)) {
            int end = in.position();
            in.seek(start);
            push = read(body, channel, in);
            in.seek(end);
        }
        return push;
    }

    private static Push read(String body, String channel, JsonReader in) {
        return switch (body) {
            case "pub" -> new Push.Pub(channel, JsonPublications.read(in));
            case "join" -> new Push.Join(channel, info(in));
            case "leave" -> new Push.Leave(channel, info(in));
            case "unsubscribe" -> unsubscribe(channel, in);
            case "message" -> message(in);
            case "subscribe" -> subscribe(channel, in);
            case "connect" -> new Push.Connect(JsonResults.readConnect(in));
            case "disconnect" -> disconnect(in);
            default -> refresh(in);
        };
    }

    private static ClientInfo info(JsonReader in) {
        ClientInfo info = new ClientInfo("", "", Bytes.EMPTY, Bytes.EMPTY);
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "info" -> info = JsonPublications.readInfo(in);
                default -> in.skip();
            }
        }
        return info;
    }

    private static Push unsubscribe(String channel, JsonReader in) {
        End end = end(in);
        return new Push.Unsubscribe(channel, end.code, end.reason);
    }

    private static Push disconnect(JsonReader in) {
        End end = end(in);
        return new Push.Disconnect(end.code, end.reason);
    }

    private record End(int code, String reason) {}

    private static End end(JsonReader in) {
        int code = 0;
        String reason = "";
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "code" -> code = in.uint32();
                case "reason" -> reason = in.text();
                default -> in.skip();
            }
        }
        return new End(code, reason);
    }

    private static Push message(JsonReader in) {
        Bytes data = Bytes.EMPTY;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "data" -> data = in.raw();
                default -> in.skip();
            }
        }
        return new Push.Message(data);
    }

    private static Push subscribe(String channel, JsonReader in) {
        boolean recoverable = false;
        String epoch = "";
        long offset = 0;
        boolean positioned = false;
        Bytes data = Bytes.EMPTY;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "recoverable" -> recoverable = in.bool();
                case "epoch" -> epoch = in.text();
                case "offset" -> offset = in.uint64();
                case "positioned" -> positioned = in.bool();
                case "data" -> data = in.raw();
                default -> in.skip();
            }
        }
        return new Push.Subscribe(channel, recoverable, epoch, offset, positioned, data);
    }

    private static Push refresh(JsonReader in) {
        boolean expires = false;
        int ttlSeconds = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.uint32();
                default -> in.skip();
            }
        }
        return new Push.Refresh(expires, ttlSeconds);
    }
}
