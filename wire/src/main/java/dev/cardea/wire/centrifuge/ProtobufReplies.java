package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Replies as Protobuf messages. */
final class ProtobufReplies {
    private ProtobufReplies() {}

    /** No more bytes than the reply will take. */
    static int atLeastBytes(Reply reply) {
        return switch (reply) {
            case Reply.Pushed(Push push) -> ProtobufPushes.atLeastBytes(push);
            case Reply.Rpc(int _, Bytes data) -> data.length();
            case Reply.Answer _, Reply.Ping _ -> 0;
        };
    }

    static void write(Reply reply, ByteWriter out) {
        switch (reply) {
            case Reply.Ping() -> {}
            case Reply.Pushed(Push push) -> {
                int mark = ProtobufWriter.begin(out, 4, ProtobufPushes.atLeastBytes(push));
                ProtobufPushes.write(push, out);
                ProtobufWriter.end(out, mark);
            }
            case Reply.Answer answer -> {
                ProtobufWriter.uint32(out, 1, answer.id());
                write(answer, out);
            }
        }
    }

    private static void write(Reply.Answer answer, ByteWriter out) {
        switch (answer) {
            case Reply.Error(int _, int code, String message, boolean temporary) -> {
                int mark = ProtobufWriter.begin(out, 2, message.length());
                ProtobufWriter.uint32(out, 1, code);
                ProtobufWriter.text(out, 2, message);
                ProtobufWriter.bool(out, 3, temporary);
                ProtobufWriter.end(out, mark);
            }
            case Reply.Connect(int _, ConnectResult result) ->
                    ProtobufResults.write(5, result, out);
            case Reply.Subscribe(int _, SubscribeResult result) ->
                    ProtobufResults.write(6, result, out);
            case Reply.Unsubscribe(int _) -> empty(7, out);
            case Reply.Publish(int _) -> empty(8, out);
            case Reply.Presence(int _, Map<String, ClientInfo> presence) -> write(presence, out);
            case Reply.PresenceStats(int _, int numClients, int numUsers) -> {
                int mark = ProtobufWriter.begin(out, 10, 0);
                ProtobufWriter.uint32(out, 1, numClients);
                ProtobufWriter.uint32(out, 2, numUsers);
                ProtobufWriter.end(out, mark);
            }
            case Reply.History(
                            int _,
                            List<Publication> publications,
                            String epoch,
                            long offset) -> {
                int mark = ProtobufWriter.begin(out, 11, epoch.length());
                for (Publication publication : publications) {
                    ProtobufPublications.write(1, publication, out);
                }
                ProtobufWriter.text(out, 2, epoch);
                ProtobufWriter.uint64(out, 3, offset);
                ProtobufWriter.end(out, mark);
            }
            case Reply.Rpc(int _, Bytes data) -> {
                int mark = ProtobufWriter.begin(out, 13, data.length());
                ProtobufWriter.bytes(out, 1, data);
                ProtobufWriter.end(out, mark);
            }
            case Reply.Refresh refresh -> write(refresh, out);
            case Reply.SubRefresh(int _, boolean expires, int ttlSeconds) -> {
                int mark = ProtobufWriter.begin(out, 15, 0);
                ProtobufWriter.bool(out, 1, expires);
                ProtobufWriter.uint32(out, 2, ttlSeconds);
                ProtobufWriter.end(out, mark);
            }
        }
    }

    private static void empty(int field, ByteWriter out) {
        ProtobufWriter.end(out, ProtobufWriter.begin(out, field, 0));
    }

    private static void write(Map<String, ClientInfo> presence, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, 9, 0);
        for (Map.Entry<String, ClientInfo> entry : presence.entrySet()) {
            int entryMark = ProtobufWriter.begin(out, 1, entry.getKey().length());
            ProtobufWriter.anyText(out, 1, entry.getKey());
            ProtobufPublications.write(2, entry.getValue(), out);
            ProtobufWriter.end(out, entryMark);
        }
        ProtobufWriter.end(out, mark);
    }

    private static void write(Reply.Refresh refresh, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, 14, refresh.client().length());
        ProtobufWriter.text(out, 1, refresh.client());
        ProtobufWriter.text(out, 2, refresh.version());
        ProtobufWriter.bool(out, 3, refresh.expires());
        ProtobufWriter.uint32(out, 4, refresh.ttlSeconds());
        ProtobufWriter.end(out, mark);
    }

    static Reply read(ProtobufReader in) {
        int id = 0;
        int body = 0;
        ProtobufReader message = null;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> id = in.uint32();
                case 2, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15 -> {
                    body = in.field();
                    message = in.message();
                }
                default -> in.skip();
            }
        }
        if (message != null) return read(body, id, message);
        if (id != 0) throw new Malformed("reply without a result");
        return new Reply.Ping();
    }

    private static Reply read(int body, int id, ProtobufReader in) {
        return switch (body) {
            case 2 -> error(id, in);
            case 4 -> new Reply.Pushed(ProtobufPushes.read(in));
            case 5 -> new Reply.Connect(id, ProtobufResults.readConnect(in));
            case 6 -> new Reply.Subscribe(id, ProtobufResults.readSubscribe(in));
            case 7 -> new Reply.Unsubscribe(id);
            case 8 -> new Reply.Publish(id);
            case 9 -> presence(id, in);
            case 10 -> presenceStats(id, in);
            case 11 -> history(id, in);
            case 13 -> rpc(id, in);
            case 14 -> refresh(id, in);
            default -> subRefresh(id, in);
        };
    }

    private static Reply error(int id, ProtobufReader in) {
        int code = 0;
        String message = "";
        boolean temporary = false;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> code = in.uint32();
                case 2 -> message = in.text();
                case 3 -> temporary = in.bool();
                default -> in.skip();
            }
        }
        return new Reply.Error(id, code, message, temporary);
    }

    private static Reply presence(int id, ProtobufReader in) {
        ClientInfo nobody = new ClientInfo("", "", Bytes.EMPTY, Bytes.EMPTY);
        Map<String, ClientInfo> presence = new LinkedHashMap<>();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 ->
                        in.entry(
                                presence,
                                nobody,
                                entry -> entry.message(ProtobufPublications::readInfo));
                default -> in.skip();
            }
        }
        return new Reply.Presence(id, Collections.unmodifiableMap(presence));
    }

    private static Reply presenceStats(int id, ProtobufReader in) {
        int numClients = 0;
        int numUsers = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> numClients = in.uint32();
                case 2 -> numUsers = in.uint32();
                default -> in.skip();
            }
        }
        return new Reply.PresenceStats(id, numClients, numUsers);
    }

    private static Reply history(int id, ProtobufReader in) {
        List<Publication> publications = new ArrayList<>();
        String epoch = "";
        long offset = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> publications.add(in.message(ProtobufPublications::read));
                case 2 -> epoch = in.text();
                case 3 -> offset = in.uint64();
                default -> in.skip();
            }
        }
        return new Reply.History(id, Collections.unmodifiableList(publications), epoch, offset);
    }

    private static Reply rpc(int id, ProtobufReader in) {
        Bytes data = Bytes.EMPTY;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new Reply.Rpc(id, data);
    }

    private static Reply refresh(int id, ProtobufReader in) {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> client = in.text();
                case 2 -> version = in.text();
                case 3 -> expires = in.bool();
                case 4 -> ttlSeconds = in.uint32();
                default -> in.skip();
            }
        }
        return new Reply.Refresh(id, client, version, expires, ttlSeconds);
    }

    private static Reply subRefresh(int id, ProtobufReader in) {
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> expires = in.bool();
                case 2 -> ttlSeconds = in.uint32();
                default -> in.skip();
            }
        }
        return new Reply.SubRefresh(id, expires, ttlSeconds);
    }
}
