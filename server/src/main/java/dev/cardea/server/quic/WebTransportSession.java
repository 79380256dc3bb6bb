package dev.cardea.server.quic;

import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Session;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.webtransport.CapsuleReader;
import dev.cardea.wire.webtransport.SessionClose;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One WebTransport session: the request that it lives in, and the stream that the client protocol
 * is spoken on. Belongs to the connection's event loop.
 *
 * <p>It ends in steps. The client is told on its stream, and given a moment to leave by itself;
 * then the request's stream says it with a capsule; and only when the client has ended that, or
 * hasn't in time, are streams reset: Chromium's tab crashes when a reset comes with the capsule.
 */
final class WebTransportSession {
    /** What the client's stream had to say may still be on its way: Centrifugo waits as long. */
    private static final Duration LEAVE_TIME = Duration.ofSeconds(1);

    private static final int WEBTRANSPORT_SESSION_GONE = 0x170d7b68;

    private final Http3Connection connection;
    private final QuicStreamChannel request;
    private final Http3Door.Admitted admitted;
    private final CapsuleReader capsules = new CapsuleReader();

    private @Nullable ClientStream client;

    /** What happens next if the client doesn't do anything. */
    private @Nullable Future<?> deadline;

    private int lanes;

    /** Those of them that have no stream yet. */
    private int lanesToOpen;

    private boolean ending;
    private boolean ended;

    WebTransportSession(
            Http3Connection connection, QuicStreamChannel request, Http3Door.Admitted admitted) {
        this.connection = connection;
        this.request = request;
        this.admitted = admitted;
    }

    /** The number of the stream that it was asked for on. */
    long id() {
        return request.streamId();
    }

    Http3Connection connection() {
        return connection;
    }

    Http3Door.Admitted admitted() {
        return admitted;
    }

    /** The client has been answered. */
    void begin() {
        connection.door().connections().opened();
        within(connection.door().limits().firstStreamTimeout(), () -> endNow(0, "no stream"));
        connection.opened(this);
    }

    /** A stream of this session, opened by the client: what reads it. */
    ChannelHandler streamOpened(QuicStreamChannel stream) {
        if (client != null || ending || stream.type() != QuicStreamType.BIDIRECTIONAL) {
            return new UnwantedStream();
        }
        cancelDeadline();
        client = new ClientStream(this, stream);
        return client;
    }

    private @Nullable Session session() {
        return client == null ? null : client.session();
    }

    /** All that was pending on the client's stream is gone. */
    void writable() {
        Session session = session();
        if (session != null) session.writable(System.nanoTime());
    }

    // ---- lanes ----

    /** Takes a place for one more, if there is any: the client's stream limit counts, too. */
    boolean takeLane() {
        long allowed = connection.channel().peerAllowedStreams(QuicStreamType.UNIDIRECTIONAL);
        if (lanes >= connection.door().limits().lanes() || allowed <= lanesToOpen) return false;
        lanes++;
        lanesToOpen++;
        return true;
    }

    void laneOpens() {
        lanesToOpen--;
    }

    void laneClosed() {
        lanes--;
    }

    /** The connection has no stream for a lane after all: the client has to begin anew. */
    void laneFailed() {
        Session session = session();
        if (session != null) session.disconnect(Disconnect.INSUFFICIENT_STATE);
    }

    // ---- the end ----

    /** The client was told on its stream; the session follows. */
    void endSoon(int code, String reason) {
        if (ending) return;
        ending = true;
        within(LEAVE_TIME, () -> endNow(code, reason));
    }

    private void endNow(int code, String reason) {
        ending = true;
        if (ended) return;
        ByteWriter capsule = new ByteWriter(64);
        new SessionClose(code, reason).write(capsule);
        var _ = request.write(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(capsule.toArray())));
        var _ = request.writeAndFlush(QuicStreamFrame.EMPTY_FIN);
        within(connection.door().limits().closeTimeout(), this::finish);
    }

    /** Capsules come on the request's stream. */
    void capsules(ByteBuffer bytes) {
        try {
            capsules.read(bytes, _ -> peerClosed());
        } catch (Malformed _) {
            gone();
        }
    }

    /** The client has ended the session, or has seen that we did. */
    void peerClosed() {
        if (ended) return;
        tellClosed();
        if (request.isActive() && !request.isOutputShutdown()) {
            var _ = request.writeAndFlush(QuicStreamFrame.EMPTY_FIN);
        }
        finish();
    }

    /** The request's stream has ended, or has to. */
    void gone() {
        if (ended) return;
        tellClosed();
        finish();
    }

    /** Nobody needs to be told. */
    void abort() {
        if (!ending) endNow(0, "");
    }

    private void tellClosed() {
        ending = true;
        Session session = session();
        if (session != null) session.closed();
    }

    private void finish() {
        if (ended) return;
        ended = true;
        cancelDeadline();
        tellClosed();
        connection.door().connections().closed();
        connection.closed(this);
        if (client != null) client.reset(WEBTRANSPORT_SESSION_GONE);
        var _ = request.close();
        // not at once: a browser that hears of the connection's end first doesn't tell its page why
        within(LEAVE_TIME, connection::closeIfUnused);
    }

    private void within(Duration time, Runnable task) {
        cancelDeadline();
        deadline = request.eventLoop().schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cancelDeadline() {
        if (deadline != null) deadline.cancel(false);
        deadline = null;
    }
}
