package dev.cardea.testkit.websocket;

import dev.cardea.wire.Bytes;

/** What a {@link RawWebSocket} received. */
public sealed interface Incoming {
    record Text(String text) implements Incoming {}

    record Binary(Bytes payload) implements Incoming {}

    record Ping(Bytes payload) implements Incoming {}

    record Pong(Bytes payload) implements Incoming {}

    /**
     * @param code 1005 if the frame has none
     */
    record Close(int code, String reason) implements Incoming {}

    /** The server closed the TCP connection in order. Comes again at each further read. */
    record End() implements Incoming {}

    /** The TCP connection was reset. Comes again at each further read. */
    record Reset() implements Incoming {}
}
