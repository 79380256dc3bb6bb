package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of each method. Fields that nobody knows are passed over, as Centrifugo does; a
 * field of another type is {@link Malformed}. {@code null} counts as absent, but for {@code data},
 * which is kept to the byte.
 */
final class ApiReader {
    private static final JsonNames NAMES =
            new JsonNames(
                    "channel",
                    "channels",
                    "data",
                    "b64data",
                    "skip_history",
                    "tags",
                    "idempotency_key",
                    "delta",
                    "version",
                    "version_epoch",
                    "user",
                    "client",
                    "session",
                    "method",
                    "params",
                    "publish");

    private ApiReader() {}

    /** {@code b64data} isn't: an error of the call, not of the JSON. */
    static final class NotBase64 extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotBase64() {
            super("b64data is no base64", null, false, false);
        }
    }

    static JsonReader of(Bytes json) {
        byte[] array = json.toArray();
        return new JsonReader(NAMES, array, 0, array.length);
    }

    static ApiRequest publish(JsonReader in) {
        MessageFields fields = new MessageFields(false);
        fields.read(in);
        return new ApiRequest.Publish(fields.channel, fields.message());
    }

    static ApiRequest broadcast(JsonReader in) {
        MessageFields fields = new MessageFields(true);
        fields.read(in);
        return new ApiRequest.Broadcast(fields.channels, fields.message());
    }

    static ApiRequest subscribe(JsonReader in) {
        AudienceFields audience = new AudienceFields();
        SubscribeFields fields = new SubscribeFields();
        object(
                in,
                name -> {
                    if (!fields.read(name, in)) audience.readOrSkip(name, in);
                });
        return new ApiRequest.Subscribe(
                fields.channel, audience.audience(), fields.grant(), fields.since);
    }

    static Bytes decoded(String base64) {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException _) {
            throw new NotBase64();
        }
    }

    static ApiRequest refresh(JsonReader in) {
        AudienceFields audience = new AudienceFields();
        class Fields {
            boolean expired;
            long expireAt;
            Bytes info = Bytes.EMPTY;
        }
        Fields fields = new Fields();
        object(
                in,
                name -> {
                    switch (name) {
                        case "expired" -> fields.expired = in.bool();
                        case "expire_at" -> fields.expireAt = in.int64();
                        case "info" -> fields.info = in.raw();
                        default -> audience.readOrSkip(name, in);
                    }
                });
        return new ApiRequest.Refresh(
                audience.audience(), fields.expired, fields.expireAt, fields.info);
    }

    static ApiRequest unsubscribe(JsonReader in) {
        AudienceFields audience = new AudienceFields();
        class Fields {
            String channel = "";
        }
        Fields fields = new Fields();
        object(
                in,
                name -> {
                    if (name.equals("channel")) fields.channel = in.text();
                    else audience.readOrSkip(name, in);
                });
        return new ApiRequest.Unsubscribe(fields.channel, audience.audience());
    }

    static ApiRequest disconnect(JsonReader in) {
        AudienceFields audience = new AudienceFields();
        class Fields {
            @Nullable Disconnect disconnect;
            List<String> whitelist = List.of();
        }
        Fields fields = new Fields();
        object(
                in,
                name -> {
                    switch (name) {
                        case "disconnect" -> fields.disconnect = closing(in);
                        case "whitelist" -> fields.whitelist = texts(in);
                        default -> audience.readOrSkip(name, in);
                    }
                });
        return new ApiRequest.Disconnect(
                audience.audience(), fields.disconnect, Set.copyOf(fields.whitelist));
    }

    private static @Nullable Disconnect closing(JsonReader in) {
        if (in.skipNull()) return null;
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
        return new Disconnect(code, reason);
    }

    static ApiRequest history(JsonReader in) {
        String channel = "";
        int limit = 0;
        StreamPosition since = null;
        boolean reverse = false;
        if (in.skipNull()) return new ApiRequest.History(channel, limit, since, reverse);
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "channel" -> channel = in.text();
                case "limit" -> limit = in.int32();
                case "since" -> since = position(in);
                case "reverse" -> reverse = in.bool();
                default -> in.skip();
            }
        }
        return new ApiRequest.History(channel, limit, since, reverse);
    }

    static @Nullable StreamPosition position(JsonReader in) {
        if (in.skipNull()) return null;
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

    static ApiRequest historyRemove(JsonReader in) {
        return new ApiRequest.HistoryRemove(only("channel", in));
    }

    static ApiRequest presence(JsonReader in) {
        return new ApiRequest.Presence(only("channel", in));
    }

    static ApiRequest presenceStats(JsonReader in) {
        return new ApiRequest.PresenceStats(only("channel", in));
    }

    static ApiRequest channels(JsonReader in) {
        return new ApiRequest.Channels(only("pattern", in));
    }

    static ApiRequest connections(JsonReader in) {
        class Fields {
            String user = "";
            String channel = "";
            String client = "";
            boolean stalled;
            int limit;
            String after = "";
        }
        Fields fields = new Fields();
        object(
                in,
                name -> {
                    switch (name) {
                        case "user" -> fields.user = in.text();
                        case "channel" -> fields.channel = in.text();
                        case "client" -> fields.client = in.text();
                        case "stalled" -> fields.stalled = in.bool();
                        case "limit" -> fields.limit = in.int32();
                        case "after" -> fields.after = in.text();
                        default -> in.skip();
                    }
                });
        return new ApiRequest.Connections(
                fields.user,
                fields.channel,
                fields.client,
                fields.stalled,
                fields.limit,
                fields.after);
    }

    static ApiRequest info(JsonReader in) {
        object(in, _ -> in.skip());
        return new ApiRequest.Info();
    }

    /** An object of which one text matters. */
    private static String only(String wanted, JsonReader in) {
        String value = "";
        if (in.skipNull()) return value;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (name.equals(wanted)) value = in.text();
            else in.skip();
        }
        return value;
    }

    interface Member {
        /** The value of the member of this name comes next. */
        void read(String name);
    }

    static void object(JsonReader in, Member member) {
        if (in.skipNull()) return;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) member.read(name);
    }

    static List<String> texts(JsonReader in) {
        if (in.skipNull()) return List.of();
        List<String> texts = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) texts.add(in.text());
        return texts;
    }
}
