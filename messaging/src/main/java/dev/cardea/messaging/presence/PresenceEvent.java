package dev.cardea.messaging.presence;

import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Push;

/** Somebody comes into a channel, or goes. */
public record PresenceEvent(boolean joins, ClientInfo info) {
    public Push in(String channel) {
        return joins ? new Push.Join(channel, info) : new Push.Leave(channel, info);
    }
}
