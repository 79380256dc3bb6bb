package dev.cardea.server.quic;

import java.time.Duration;

/**
 * What QUIC connections may take before they are refused or closed.
 *
 * @param connections of the whole node; past it no new one is begun
 * @param freeHandshakes at work at the same time before newcomers have to prove their address with
 *     a token, which costs them a round trip and us no memory
 * @param handshakes at work at the same time, proven or not
 * @param handshakeTimeout to the end of the handshake
 * @param idleTimeout without any packet
 * @param silence without an answer to what was sent
 * @param requestStreams that a client may have open: requests, and streams of its sessions
 * @param unidirectionalStreams that a client may have open; HTTP/3 itself needs three
 * @param streamWindowBytes that a client may send on a stream before we have read it
 * @param connectionWindowBytes the same, on all streams of a connection
 * @param sessions WebTransport sessions of one connection
 * @param lanes of one session: channels that come on a stream of their own; the others come with
 *     everything else
 * @param earlyStreams of one connection that wait for the request that opens their session
 * @param prefixTimeout for a stream to say what it is
 * @param firstStreamTimeout for a session's client to open the stream that the protocol is spoken
 *     on
 * @param closeTimeout for a client to take its leave, once it was told to
 */
public record QuicLimits(
        int connections,
        int freeHandshakes,
        int handshakes,
        Duration handshakeTimeout,
        Duration idleTimeout,
        Duration silence,
        int requestStreams,
        int unidirectionalStreams,
        int streamWindowBytes,
        int connectionWindowBytes,
        int sessions,
        int lanes,
        int earlyStreams,
        Duration prefixTimeout,
        Duration firstStreamTimeout,
        Duration closeTimeout) {
    public static final QuicLimits DEFAULT =
            new QuicLimits(
                    65_536,
                    64,
                    4096,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(6),
                    100,
                    16,
                    128 * 1024,
                    512 * 1024,
                    16,
                    128,
                    8,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2));
}
