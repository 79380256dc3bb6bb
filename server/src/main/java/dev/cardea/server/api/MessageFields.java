package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiRequest.Message;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonReader;
import java.util.List;
import java.util.Map;

/** What {@code publish} and {@code broadcast} take. */
final class MessageFields {
    private final boolean toMany;
    String channel = "";
    List<String> channels = List.of();
    private Bytes data = Bytes.EMPTY;
    private String b64data = "";
    private boolean skipHistory;
    private boolean delta;
    private Map<String, String> tags = Map.of();
    private String idempotencyKey = "";
    private long version;
    private String versionEpoch = "";

    MessageFields(boolean toMany) {
        this.toMany = toMany;
    }

    void read(JsonReader in) {
        ApiReader.object(
                in,
                name -> {
                    switch (name) {
                        case "channel" -> {
                            if (toMany) in.skip();
                            else channel = in.text();
                        }
                        case "channels" -> {
                            if (toMany) channels = ApiReader.texts(in);
                            else in.skip();
                        }
                        case "data" -> data = in.raw();
                        case "b64data" -> b64data = in.text();
                        case "skip_history" -> skipHistory = in.bool();
                        case "delta" -> delta = in.bool();
                        case "tags" -> tags = in.textByName();
                        case "idempotency_key" -> idempotencyKey = in.text();
                        case "version" -> version = in.uint64();
                        case "version_epoch" -> versionEpoch = in.text();
                        default -> in.skip();
                    }
                });
    }

    Message message() {
        return new Message(
                b64data.isEmpty() ? data : ApiReader.decoded(b64data),
                tags,
                idempotencyKey,
                skipHistory,
                delta,
                version,
                versionEpoch);
    }
}
