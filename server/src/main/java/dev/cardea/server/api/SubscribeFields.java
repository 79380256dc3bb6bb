package dev.cardea.server.api;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.json.JsonReader;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code subscribe} alone takes. */
final class SubscribeFields {
    String channel = "";
    private Bytes info = Bytes.EMPTY;
    private Bytes data = Bytes.EMPTY;
    private String b64info = "";
    private String b64data = "";
    private long expireAt;
    @Nullable StreamPosition since;
    private final Map<String, Boolean> overrides = new HashMap<>();

    /** False if the member is none of these. */
    boolean read(String name, JsonReader in) {
        switch (name) {
            case "channel" -> channel = in.text();
            case "info" -> info = in.raw();
            case "data" -> data = in.raw();
            case "b64info" -> b64info = in.text();
            case "b64data" -> b64data = in.text();
            case "expire_at" -> expireAt = in.int64();
            case "recover_since" -> since = ApiReader.position(in);
            case "override" -> ApiReader.object(in, option -> override(option, in));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** {@code "presence": {"value": true}}; without a value it is false. */
    private void override(String option, JsonReader in) {
        overrides.put(option, false);
        ApiReader.object(
                in,
                name -> {
                    if (name.equals("value")) overrides.put(option, in.bool());
                    else in.skip();
                });
    }

    SubscriptionGrant grant() {
        return new SubscriptionGrant(
                b64info.isEmpty() ? info : ApiReader.decoded(b64info),
                b64data.isEmpty() ? data : ApiReader.decoded(b64data),
                expireAt,
                OptionOverride.named(overrides));
    }
}
