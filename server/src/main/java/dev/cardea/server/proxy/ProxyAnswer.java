package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Authenticator.Credentials;
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
import java.util.Optional;

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
                    "password",
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
        return read(json, in -> Optional.of(ProxyResult.credentials(in)), Optional.empty());
    }

    /** A user's password; empty where the backend knows no such user. */
    static Answer<String> password(Bytes json) {
        return read(json, ProxyResult::password, "");
    }

    static Answer<Renewal> renewal(Bytes json) {
        // No result: Centrifugo takes that for the end, too.
        return read(json, ProxyResult::renewal, new Renewal(true, 0, null));
    }

    static Answer<SubscriptionGrant> subscribe(Bytes json) {
        return read(json, ProxyResult::grant, SubscriptionGrant.PLAIN);
    }

    static Answer<Publishing> publish(Bytes json) {
        return read(json, ProxyResult::publishing, Publishing.AS_SENT);
    }

    static Answer<Bytes> rpc(Bytes json) {
        return read(json, ProxyResult::data, Bytes.EMPTY);
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
}
