package dev.cardea.server.net;

import dev.cardea.wire.Bytes;

/** A whole HTTP request; the body is empty if there was none. */
public record Request(RequestHead head, Bytes body) {}
