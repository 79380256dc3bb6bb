package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.messaging.hook.Hooks.Publishing;
import dev.cardea.messaging.hook.Hooks.Renewal;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backend answers: <code>{"result":{…}}</code>, <code>{"error":{…}}</code> or <code>
 * {"disconnect":{…}}</code>. Everything else is {@link Malformed}; fields that nobody knows are
 * passed over.
 */
final class ProxyAnswer {
    private static final JsonNames NAMES =
            new JsonNames(
                    "result",
                    "error",
                    "disconnect",
                    "code",
                    "message",
                    "temporary",
                    "reason",
                    "user",
                    "expire_at",
                    "expired",
                    "info",
                    "b64info",
                    "data",
                    "b64data",
                    "channels",
                    "subs",
                    "meta",
                    "override",
                    "skip_history",
                    "tags",
                    "idempotency_key",
                    "version",
                    "version_epoch");

    /** RFC 6455 section 5.5: a control frame has 125 bytes, of which two are the code. */
    private static final int MAX_REASON_BYTES = 123;

    private ProxyAnswer() {}

    /** Who connects; empty where the backend doesn't say: as if there were no proxy. */
    static Answer<Optional<Credentials>> connect(Bytes json) {
        return read(json, in -> Optional.of(credentials(in)), Optional.empty());
    }

    static Answer<Renewal> renewal(Bytes json) {
        // No result: Centrifugo takes that for the end, too.
        return read(json, ProxyAnswer::renewal, new Renewal(true, 0, null));
    }

    static Answer<SubscriptionGrant> subscribe(Bytes json) {
        return read(json, ProxyAnswer::grant, SubscriptionGrant.PLAIN);
    }

    static Answer<Publishing> publish(Bytes json) {
        return read(json, ProxyAnswer::publishing, Publishing.AS_SENT);
    }

    static Answer<Bytes> rpc(Bytes json) {
        return read(json, in -> object(in, (_, _) -> false).data(), Bytes.EMPTY);
    }

    /** Any JSON object will do. */
    static Answer<Boolean> taken(Bytes json) {
        return read(
                json,
                in -> {
                    in.skip();
                    return true;
                },
                true);
    }

    private interface Result<T> {
        T read(JsonReader in);
    }

    private static <T> Answer<T> read(Bytes json, Result<T> result, T otherwise) {
        byte[] array = json.toArray();
        JsonReader in = new JsonReader(NAMES, array, 0, array.length);
        Answer<T> given = new Answer.Given<>(otherwise);
        Fault error = null;
        Fault end = null;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "result" -> {
                    if (!in.skipNull()) given = new Answer.Given<>(result.read(in));
                }
                case "error" -> error = in.skipNull() ? null : error(in);
                case "disconnect" -> end = in.skipNull() ? null : end(in);
                default -> in.skip();
            }
        }
        in.end();
        if (end != null) return new Answer.Failed<>(end);
        return error != null ? new Answer.Failed<>(error) : given;
    }

    private static Fault error(JsonReader in) {
        int code = 0;
        String message = "";
        boolean temporary = false;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "code" -> code = in.int32();
                case "message" -> message = in.text();
                case "temporary" -> temporary = in.bool();
                default -> in.skip();
            }
        }
        if (code <= 0) throw new Malformed("error without a code");
        return new Fault.Error(code, message, temporary);
    }

    private static Fault end(JsonReader in) {
        int code = 0;
        String reason = "";
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "code" -> code = in.int32();
                case "reason" -> reason = in.text();
                default -> in.skip();
            }
        }
        if (code < 3000 || code > 4999) throw new Malformed("disconnect code " + code);
        if (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            throw new Malformed("disconnect reason of more than 123 bytes");
        }
        return new Fault.End(code, reason);
    }

    // ---- results ----

    /** What several results have, raw or as base64; the latter wins. */
    private record Payloads(@Nullable Bytes infoOrNull, Bytes data) {
        Bytes info() {
            return infoOrNull == null ? Bytes.EMPTY : infoOrNull;
        }
    }

    private interface Member {
        /** Reads the value if the name is known; otherwise returns false and reads nothing. */
        boolean read(String name, JsonReader in);
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
                default -> {
                    if (!member.read(name, in)) in.skip();
                }
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

    private static Credentials credentials(JsonReader in) {
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
                                default -> {
                                    return false;
                                }
                            }
                            return true;
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

    private static SubscriptionGrant grant(JsonReader in) {
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
                                default -> {
                                    return false;
                                }
                            }
                            return true;
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

    private static Renewal renewal(JsonReader in) {
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
                                default -> {
                                    return false;
                                }
                            }
                            return true;
                        });
        return new Renewal(fields.expired, fields.expireAt, payloads.infoOrNull());
    }

    private static Publishing publishing(JsonReader in) {
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
                                default -> {
                                    return false;
                                }
                            }
                            return true;
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
