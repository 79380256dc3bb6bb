package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.auth.Revocation;
import dev.cardea.wire.json.JsonReader;

/** The parameters of {@code revoke_token} and {@code invalidate_user_tokens}. */
final class RevocationReader {
    private String uid = "";
    private String user = "";
    private String channel = "";
    private long issuedBefore;
    private long expireAt;

    private RevocationReader() {}

    static ApiRequest token(JsonReader in) {
        RevocationReader read = new RevocationReader();
        if (in.skipNull()) return read.token();
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "uid" -> read.uid = in.skipNull() ? "" : in.text();
                case "expire_at" -> read.expireAt = in.skipNull() ? 0 : in.int64();
                default -> in.skip();
            }
        }
        return read.token();
    }

    private ApiRequest token() {
        return new ApiRequest.Revoke(new Revocation.OfToken(uid, expireAt));
    }

    static ApiRequest user(JsonReader in) {
        RevocationReader read = new RevocationReader();
        if (in.skipNull()) return read.user();
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "user" -> read.user = in.skipNull() ? "" : in.text();
                case "channel" -> read.channel = in.skipNull() ? "" : in.text();
                case "issued_before" -> read.issuedBefore = in.skipNull() ? 0 : in.int64();
                case "expire_at" -> read.expireAt = in.skipNull() ? 0 : in.int64();
                default -> in.skip();
            }
        }
        return read.user();
    }

    private ApiRequest user() {
        return new ApiRequest.Revoke(new Revocation.OfUser(user, channel, issuedBefore, expireAt));
    }
}
