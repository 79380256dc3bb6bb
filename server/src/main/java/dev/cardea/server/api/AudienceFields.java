package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiRequest.Audience;
import dev.cardea.wire.json.JsonReader;

/** Whom a call concerns. */
final class AudienceFields {
    private String user = "";
    private String client = "";
    private String session = "";

    void readOrSkip(String name, JsonReader in) {
        switch (name) {
            case "user" -> user = in.text();
            case "client" -> client = in.text();
            case "session" -> session = in.text();
            default -> in.skip();
        }
    }

    Audience audience() {
        return new Audience(user, client, session);
    }
}
