package dev.cardea.messaging.hook;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.wire.Bytes;

/**
 * The connection on whose behalf a hook is asked.
 *
 * @param client the connection's id
 * @param user empty: anonymous
 * @param info shown to other subscribers; empty or JSON
 * @param meta told to nobody but the backend; empty or JSON
 * @param peer how the client came
 */
public record Caller(String client, String user, Bytes info, Bytes meta, Peer peer) {}
