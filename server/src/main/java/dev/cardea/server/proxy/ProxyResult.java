package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.hook.Hooks.Publishing;
import dev.cardea.messaging.hook.Hooks.Renewal;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code result} of a backend's answer, for each of the questions. */
final class ProxyResult {
    private ProxyResult() {}

    /** What several results have, raw or as base64; the latter wins. */
    private record Payloads(@Nullable Bytes infoOrNull, Bytes data) {
        Bytes info() {
            return infoOrNull == null ? Bytes.EMPTY : infoOrNull;
        }
    }

    private interface Member {
        /** Reads the value, or skips it if the name isn't known. */
        void read(String name, JsonReader in);
    }

    private static Payloads object(JsonReader in, Member member) {
        Bytes info = null;
        Bytes data = Bytes.EMPTY;
        String b64info = "";
        String b64data = "";
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "info" -> info = in.skipNull() ? null : in.raw();
                case "b64info" -> b64info = in.text();
                case "data" -> data = in.skipNull() ? Bytes.EMPTY : in.raw();
                case "b64data" -> b64data = in.text();
                default -> member.read(name, in);
            }
        }
        return new Payloads(
                b64info.isEmpty() ? info : decoded(b64info),
                b64data.isEmpty() ? data : decoded(b64data));
    }

    private static Bytes decoded(String base64) {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException _) {
            throw new Malformed("not base64");
        }
    }

    static Bytes data(JsonReader in) {
        return object(in, (_, value) -> value.skip()).data();
    }

    static Credentials credentials(JsonReader in) {
        class Fields {
            String user = "";
            long expireAt;
            Bytes meta = Bytes.EMPTY;
            final Map<String, SubscriptionGrant> subs = new LinkedHashMap<>();
        }
        Fields fields = new Fields();
        Payloads payloads =
                object(
                        in,
                        (name, value) -> {
                            switch (name) {
                                case "user" -> fields.user = value.text();
                                case "expire_at" -> fields.expireAt = value.int64();
                                case "meta" ->
                                        fields.meta = value.skipNull() ? Bytes.EMPTY : value.raw();
                                case "channels" -> channels(value, fields.subs);
                                case "subs" -> subs(value, fields.subs);
                                default -> value.skip();
                            }
                        });
        return new Credentials(
                fields.user,
                payloads.info(),
                fields.expireAt,
                fields.meta,
                payloads.data(),
                fields.subs);
    }

    private static void channels(JsonReader in, Map<String, SubscriptionGrant> subs) {
        if (in.skipNull()) return;
        in.beginArray();
        while (in.nextElement()) subs.putIfAbsent(in.text(), SubscriptionGrant.PLAIN);
    }

    private static void subs(JsonReader in, Map<String, SubscriptionGrant> subs) {
        if (in.skipNull()) return;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            subs.put(name, in.skipNull() ? SubscriptionGrant.PLAIN : grant(in));
        }
    }

    static SubscriptionGrant grant(JsonReader in) {
        class Fields {
            long expireAt;
            OptionOverride override = OptionOverride.NOTHING;
        }
        Fields fields = new Fields();
        Payloads payloads =
                object(
                        in,
                        (name, value) -> {
                            switch (name) {
                                case "expire_at" -> fields.expireAt = value.int64();
                                case "override" -> fields.override = override(value);
                                default -> value.skip();
                            }
                        });
        return new SubscriptionGrant(
                payloads.info(), payloads.data(), fields.expireAt, fields.override);
    }

    private static OptionOverride override(JsonReader in) {
        if (in.skipNull()) return OptionOverride.NOTHING;
        Map<String, Boolean> set = new LinkedHashMap<>();
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (in.skipNull()) continue;
            set.put(name, value(in));
        }
        return OptionOverride.named(set);
    }

    /** <code>{"value":true}</code>; an option that nobody knows may be anything. */
    private static boolean value(JsonReader in) {
        boolean value = false;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (name.equals("value")) value = in.bool();
            else in.skip();
        }
        return value;
    }

    static String password(JsonReader in) {
        String password = "";
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (name.equals("password")) password = in.skipNull() ? "" : in.text();
            else in.skip();
        }
        return password;
    }

    static Renewal renewal(JsonReader in) {
        class Fields {
            boolean expired;
            long expireAt;
        }
        Fields fields = new Fields();
        Payloads payloads =
                object(
                        in,
                        (name, value) -> {
                            switch (name) {
                                case "expired" -> fields.expired = value.bool();
                                case "expire_at" -> fields.expireAt = value.int64();
                                default -> value.skip();
                            }
                        });
        return new Renewal(fields.expired, fields.expireAt, payloads.infoOrNull());
    }

    static Publishing publishing(JsonReader in) {
        class Fields {
            boolean skipHistory;
            Map<String, String> tags = Map.of();
            String idempotencyKey = "";
            long version;
            String versionEpoch = "";
        }
        Fields fields = new Fields();
        Payloads payloads =
                object(
                        in,
                        (name, value) -> {
                            switch (name) {
                                case "skip_history" -> fields.skipHistory = value.bool();
                                case "tags" -> fields.tags = value.textByName();
                                case "idempotency_key" -> fields.idempotencyKey = value.text();
                                case "version" -> fields.version = value.uint64();
                                case "version_epoch" -> fields.versionEpoch = value.text();
                                default -> value.skip();
                            }
                        });
        return new Publishing(
                payloads.data(),
                fields.skipHistory,
                fields.tags,
                fields.idempotencyKey,
                fields.version,
                fields.versionEpoch);
    }
}
