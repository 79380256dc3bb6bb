package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;

/** Who a client is, as other subscribers of a channel see it. */
public record ClientInfo(String user, String client, Bytes connInfo, Bytes chanInfo) {}
