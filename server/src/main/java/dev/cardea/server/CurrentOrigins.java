package dev.cardea.server;

import dev.cardea.server.config.ClientConfig;
import dev.cardea.server.net.AllowedOrigins;
import dev.cardea.server.net.OriginCheck;
import dev.cardea.server.net.RequestHead;

/** {@code client.allowed_origins} as configured now. Thread safe. */
final class CurrentOrigins implements OriginCheck {
    private volatile AllowedOrigins now;

    CurrentOrigins(ClientConfig config) {
        now = new AllowedOrigins(config.allowedOrigins());
    }

    void become(ClientConfig config) {
        now = new AllowedOrigins(config.allowedOrigins());
    }

    @Override
    public boolean allows(String origin, RequestHead head) {
        return now.allows(origin, head);
    }
}
