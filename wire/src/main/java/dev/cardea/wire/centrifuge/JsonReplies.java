package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import java.util.List;
import java.util.Map;

/** Replies as JSON objects. */
final class JsonReplies {
    private JsonReplies() {}

    static void write(Reply reply, ByteWriter out) {
        out.put('{');
        switch (reply) {
            case Reply.Ping() -> {}
            case Reply.Pushed(Push push) -> {
                JsonWriter.name(out, "push");
                JsonPushes.write(push, out);
            }
            case Reply.Answer answer -> {
                JsonFields.uint32(out, "id", answer.id());
                write(answer, out);
            }
        }
        out.put('}');
    }

    private static void write(Reply.Answer answer, ByteWriter out) {
        switch (answer) {
            case Reply.Error(int _, int code, String message, boolean temporary) -> {
                JsonFields.begin(out, "error");
                JsonFields.uint32(out, "code", code);
                JsonFields.text(out, "message", message);
                JsonFields.bool(out, "temporary", temporary);
                out.put('}');
            }
            case Reply.Connect(int _, ConnectResult result) -> JsonResults.write(result, out);
            case Reply.Subscribe(int _, SubscribeResult result) ->
                    JsonResults.write("subscribe", result, out);
            case Reply.Unsubscribe(int _) -> empty("unsubscribe", out);
            case Reply.Publish(int _) -> empty("publish", out);
            case Reply.Presence(int _, Map<String, ClientInfo> presence) -> write(presence, out);
            case Reply.PresenceStats(int _, int numClients, int numUsers) -> {
                JsonFields.begin(out, "presence_stats");
                always(out, "num_clients", Integer.toUnsignedLong(numClients));
                always(out, "num_users", Integer.toUnsignedLong(numUsers));
                out.put('}');
            }
            case Reply.History history -> write(history, out);
            case Reply.Rpc(int _, Bytes data) -> {
                JsonFields.begin(out, "rpc");
                JsonFields.raw(out, "data", data);
                out.put('}');
            }
            case Reply.Refresh refresh -> write(refresh, out);
            case Reply.SubRefresh(int _, boolean expires, int ttlSeconds) -> {
                JsonFields.begin(out, "sub_refresh");
                JsonFields.bool(out, "expires", expires);
                JsonFields.uint32(out, "ttl", ttlSeconds);
                out.put('}');
            }
        }
    }

    private static void empty(String name, ByteWriter out) {
        JsonFields.begin(out, name);
        out.put('}');
    }

    /** A number that SDKs expect also where it is 0. */
    private static void always(ByteWriter out, String name, long value) {
        JsonWriter.name(out, name);
        out.putUnsignedDecimal(value);
    }

    /** The map is there even when nobody is: SDKs hand it on as it is. */
    private static void write(Map<String, ClientInfo> presence, ByteWriter out) {
        JsonFields.begin(out, "presence");
        JsonFields.begin(out, "presence");
        presence.forEach((client, info) -> JsonPublications.write(client, info, out));
        out.put('}').put('}');
    }

    /** All three members are always there, as in the reference server's answer. */
    private static void write(Reply.History history, ByteWriter out) {
        JsonFields.begin(out, "history");
        JsonPublications.writeAll(history.publications(), out);
        JsonWriter.name(out, "epoch");
        JsonWriter.string(out, history.epoch());
        always(out, "offset", history.offset());
        out.put('}');
    }

    private static void write(Reply.Refresh refresh, ByteWriter out) {
        JsonFields.begin(out, "refresh");
        JsonFields.text(out, "client", refresh.client());
        JsonFields.text(out, "version", refresh.version());
        JsonFields.bool(out, "expires", refresh.expires());
        JsonFields.uint32(out, "ttl", refresh.ttlSeconds());
        out.put('}');
    }

    /** Reads a reply; its id may come behind its body, so the body's place is kept. */
    static Reply read(JsonReader in) {
        int id = 0;
        String body = "";
        Reply reply = null;
        int start = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "id" -> id = in.uint32();
                case "error",
                        "push",
                        "connect",
                        "subscribe",
                        "unsubscribe",
                        "publish",
                        "presence",
                        "presence_stats",
                        "history",
                        "rpc",
                        "refresh",
                        "sub_refresh" -> {
                    if (in.skipNull()) continue;
                    start = in.position();
                    body = name;
                    reply = read(body, id, in);
                }
                default -> in.skip();
            }
        }
        in.end();
        if (reply == null) {
            if (id != 0) throw new Malformed("reply without a result");
            return new Reply.Ping();
        }
        if (!(reply instanceof Reply.Answer answer) || answer.id() == id) return reply;
        in.seek(start);
        return read(body, id, in);
    }

    private static Reply read(String body, int id, JsonReader in) {
        return switch (body) {
            case "error" -> error(id, in);
            case "push" -> new Reply.Pushed(JsonPushes.read(in));
            case "connect" -> new Reply.Connect(id, JsonResults.readConnect(in));
            case "subscribe" -> new Reply.Subscribe(id, JsonResults.readSubscribe(in));
            case "unsubscribe" -> {
                in.skip();
                yield new Reply.Unsubscribe(id);
            }
            case "publish" -> {
                in.skip();
                yield new Reply.Publish(id);
            }
            case "presence" -> presence(id, in);
            case "presence_stats" -> presenceStats(id, in);
            case "history" -> history(id, in);
            case "rpc" -> rpc(id, in);
            case "refresh" -> refresh(id, in);
            default -> subRefresh(id, in);
        };
    }

    private static Reply error(int id, JsonReader in) {
        int code = 0;
        String message = "";
        boolean temporary = false;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "code" -> code = in.uint32();
                case "message" -> message = in.text();
                case "temporary" -> temporary = in.bool();
                default -> in.skip();
            }
        }
        return new Reply.Error(id, code, message, temporary);
    }

    private static Reply presence(int id, JsonReader in) {
        Map<String, ClientInfo> presence = Map.of();
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "presence" -> presence = JsonFields.map(in, JsonPublications::readInfo);
                default -> in.skip();
            }
        }
        return new Reply.Presence(id, presence);
    }

    private static Reply presenceStats(int id, JsonReader in) {
        int numClients = 0;
        int numUsers = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "num_clients" -> numClients = in.uint32();
                case "num_users" -> numUsers = in.uint32();
                default -> in.skip();
            }
        }
        return new Reply.PresenceStats(id, numClients, numUsers);
    }

    private static Reply history(int id, JsonReader in) {
        List<Publication> publications = List.of();
        String epoch = "";
        long offset = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "publications" -> publications = JsonFields.list(in, JsonPublications::read);
                case "epoch" -> epoch = in.text();
                case "offset" -> offset = in.uint64();
                default -> in.skip();
            }
        }
        return new Reply.History(id, publications, epoch, offset);
    }

    private static Reply rpc(int id, JsonReader in) {
        Bytes data = Bytes.EMPTY;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "data" -> data = in.raw();
                default -> in.skip();
            }
        }
        return new Reply.Rpc(id, data);
    }

    private static Reply refresh(int id, JsonReader in) {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "client" -> client = in.text();
                case "version" -> version = in.text();
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.uint32();
                default -> in.skip();
            }
        }
        return new Reply.Refresh(id, client, version, expires, ttlSeconds);
    }

    private static Reply subRefresh(int id, JsonReader in) {
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
        return new Reply.SubRefresh(id, expires, ttlSeconds);
    }
}
