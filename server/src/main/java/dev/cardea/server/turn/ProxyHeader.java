package dev.cardea.server.turn;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads who is behind a load balancer, which says it before anything else (HAProxy's PROXY
 * protocol, version 2), and then makes way for what follows. Anything else ends the connection.
 *
 * <pre>
 *  | 0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A | version, command | family, protocol | length |
 *  | source address | destination address | source port | destination port | what we skip ...
 * </pre>
 */
final class ProxyHeader extends ByteToMessageDecoder {
    private static final long SIGNATURE_HIGH = 0x0D0A0D0A000D0A51L;
    private static final int SIGNATURE_LOW = 0x5549540A;
    private static final int FIXED_BYTES = 16;
    private static final int MAX_BYTES = 1024;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP_IPV4 = 0x11;
    private static final int TCP_IPV6 = 0x21;
    private static final long TIMEOUT_SECONDS = 5;

    private final StreamStart start;
    private @Nullable Future<?> late;

    ProxyHeader(StreamStart start) {
        this.start = start;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Runnable end =
                () -> {
                    var _ = context.close();
                };
        late = context.executor().schedule(end, TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (late != null) late.cancel(false);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < FIXED_BYTES) return;
        int at = in.readerIndex();
        int length = in.getUnsignedShort(at + 14);
        boolean isOurs =
                in.getLong(at) == SIGNATURE_HIGH
                        && in.getInt(at + 8) == SIGNATURE_LOW
                        && length <= MAX_BYTES;
        if (!isOurs) {
            var _ = context.close();
            return;
        }
        if (in.readableBytes() < FIXED_BYTES + length) return;
        int command = in.getUnsignedByte(at + 12);
        int family = in.getUnsignedByte(at + 13);
        in.skipBytes(FIXED_BYTES);
        ByteBuf addresses = in.readSlice(length);
        if (command == LOCAL) { // the load balancer itself, to see whether we are here
            start.begin(context.channel(), null);
        } else if (command == PROXY && family == TCP_IPV4 && length >= 12) {
            IpAddress ip = IpAddress.ofIpv4(addresses.getInt(0));
            begin(context, ip, addresses.getUnsignedShort(8));
        } else if (command == PROXY && family == TCP_IPV6 && length >= 36) {
            IpAddress ip = new IpAddress(addresses.getLong(0), addresses.getLong(8));
            begin(context, ip, addresses.getUnsignedShort(32));
        } else {
            var _ = context.close();
            return;
        }
        context.pipeline().remove(this); // passes on what it has read too much
    }

    private void begin(ChannelHandlerContext context, IpAddress ip, int port) {
        start.begin(context.channel(), new TransportAddress(ip, port));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
