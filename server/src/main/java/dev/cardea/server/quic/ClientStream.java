package dev.cardea.server.quic;

import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Session;
import dev.cardea.server.net.StreamEncoding;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.MessageSplitter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bidirectional stream on which a WebTransport client speaks the client protocol, between its
 * QUIC stream and its session. Belongs to the connection's event loop.
 */
final class ClientStream extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ClientStream.class);

    private final QuicStreamChannel stream;
    private final ControlOutlet outlet;
    private final Session session;
    private final MessageSplitter splitter;

    ClientStream(WebTransportSession owner, QuicStreamChannel stream) {
        Http3Connection connection = owner.connection();
        Http3Door door = connection.door();
        StreamEncoding encoding = owner.admitted().encoding();
        Codec codec = encoding.codec();
        this.stream = stream;
        this.outlet = new ControlOutlet(owner, stream, codec, owner.admitted().plan());
        this.splitter = new MessageSplitter(codec, door.maxMessageBytes());
        this.session =
                new Session(
                        door.node(),
                        connection.loop().shard(),
                        outlet,
                        codec,
                        encoding,
                        owner.admitted().peer(),
                        System.nanoTime());
    }

    Session session() {
        return session;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!outlet.isClosing()) splitter.read(bytes.nioBuffer(), this::receive);
        } catch (Malformed _) {
            session.disconnect(Disconnect.BAD_REQUEST);
        } finally {
            bytes.release();
        }
    }

    private void receive(ByteBuffer messages) {
        session.receive(messages, System.nanoTime());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) session.closed();
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        session.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset by the peer is everyday life; anything else is a mistake of ours, and ends this
        // session only.
        if (!(cause instanceof QuicException) && !(cause instanceof IOException))
            LOG.atError()
                    .addKeyValue("client", session.client())
                    .setCause(cause)
                    .log("connection_failed");
        session.closed();
    }

    /** The session is over: whatever is left of the stream goes. */
    void reset(int code) {
        if (!stream.isActive()) return;
        var _ = stream.shutdown(code, stream.newPromise());
        var _ = stream.close();
    }
}
