package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One 5-tuple: a client's address and the socket that it reached us on. Belongs to one event loop.
 */
public interface Client {
    /** As it is seen from here: what a NAT made of it. */
    TransportAddress address();

    /** The address that it sent to. */
    TransportAddress server();

    /** Whether the transport is TCP or TLS: its address is no forgery, and frames are padded. */
    boolean isStream();

    /** For reports: {@code udp}, {@code tcp} or {@code tls}. */
    String transport();

    /**
     * Sends a whole message.
     *
     * @param message borrowed until the call returns
     */
    void send(ByteBuffer message);

    /** What it was allocated; null: nothing. */
    @Nullable Allocation allocation();

    /** Remembers what it was allocated, or, with null, that it is gone. */
    void hold(@Nullable Allocation allocation);

    /**
     * The same client seen from another of the server's addresses (RFC 5780 section 7.2).
     *
     * @return null: there is no such address
     */
    default @Nullable Client from(boolean otherIp, boolean otherPort) {
        return null;
    }

    /**
     * The same client at another port of its address (RFC 5780 section 7.5). Asked where there is
     * {@link #otherServer}.
     */
    default Client at(int port) {
        return this;
    }

    /**
     * The address that differs in both from the one that the client sent to; null: there is none.
     */
    default @Nullable TransportAddress otherServer() {
        return null;
    }
}
