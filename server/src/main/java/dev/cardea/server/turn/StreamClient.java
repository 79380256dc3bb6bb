package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.server.udp.Datagram;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.StreamFrames;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that comes over TCP or TLS: its connection. */
final class StreamClient extends ChannelInboundHandlerAdapter implements TurnClient, Flushable {
    /** Longer frames are for those who have an allocation. */
    private static final int MAX_BYTES_BEFORE = 2048;

    /** What goes out together, at most, and may be one record of TLS. */
    private static final int MAX_TOGETHER_BYTES = 16 * 1024;

    private static final int FIRST_BYTES = 2048;

    /** For whoever connects and then allocates nothing. */
    private static final long IDLE_SECONDS = 30;

    private final TurnLoop loop;
    private final String transport;
    private final TransportAddress address;
    private final TransportAddress server;
    private final Channel channel;
    private @Nullable Allocation allocation;
    private @Nullable Future<?> idle;
    private boolean isDirty;

    /** The beginning of a frame that hasn't come whole; null: none. */
    private @Nullable ByteBuf kept;

    /** Frames that go out at the end of the wake-up; null: none. */
    private @Nullable ByteBuf waiting;

    /** It is the client's half of a connection with a peer now (RFC 6062). */
    private boolean isPipe;

    StreamClient(
            TurnLoop loop,
            String transport,
            TransportAddress address,
            TransportAddress server,
            Channel channel) {
        this.loop = loop;
        this.transport = transport;
        this.address = address;
        this.server = server;
        this.channel = channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        awaitAllocation();
    }

    private void awaitAllocation() {
        Runnable end = this::end;
        idle = channel.eventLoop().schedule(end, IDLE_SECONDS, TimeUnit.SECONDS);
    }

    private void end() {
        var _ = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = whole((ByteBuf) message);
        frames(in);
        if (isPipe) context.fireChannelRead(in);
        else keep(in);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ByteBuf before = kept;
        kept = null;
        if (before != null) context.fireChannelRead(before);
    }

    /** What was kept, and this after it. */
    private ByteBuf whole(ByteBuf in) {
        ByteBuf before = kept;
        if (before == null) return in;
        kept = null;
        before.writeBytes(in);
        in.release();
        return before;
    }

    /** The beginning of a frame, in a buffer of its size: that of the read may be a large one. */
    private void keep(ByteBuf in) {
        if (in.isReadable() && channel.isActive())
            kept = channel.alloc().directBuffer(in.readableBytes()).writeBytes(in);
        in.release();
    }

    private void frames(ByteBuf in) {
        while (in.readableBytes() >= StreamFrames.PREFIX_BYTES && channel.isActive() && !isPipe) {
            int frame;
            try {
                frame = StreamFrames.frameBytes(in.getInt(in.readerIndex()));
            } catch (Malformed _) {
                var _ = channel.close();
                return;
            }
            if (allocation == null && frame > MAX_BYTES_BEFORE) {
                var _ = channel.close();
                return;
            }
            if (in.readableBytes() < frame) return;
            frame(in, frame);
        }
    }

    private void frame(ByteBuf in, int bytes) {
        Allocation held = allocation;
        if (!ChannelData.startsWith(in.getByte(in.readerIndex()))) {
            loop.message(in, bytes, this);
        } else if (held != null && bytes > Datagram.MAX_BYTES) {
            held.drop("data that is longer than a datagram");
        } else if (held != null) {
            Datagram copy = loop.udp().copyOf(in, in.readerIndex(), bytes);
            loop.channelData(copy, held);
            copy.release();
        }
        in.skipBytes(bytes);
    }

    /** What comes from here on goes to the peer, and no more through here. */
    Channel becomePipe(Channel peer) {
        isPipe = true;
        flushNow(); // the answer goes before what the peer sends
        if (idle != null) idle.cancel(false);
        channel.pipeline().addLast(new Pipe(peer));
        channel.pipeline().remove(this);
        return channel;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (kept != null) kept.release();
        kept = null;
        if (idle != null) idle.cancel(false);
        loop.engine().gone(this, System.nanoTime());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = channel.close(); // a connection that was reset, or no TLS
    }

    @Override
    public TransportAddress address() {
        return address;
    }

    @Override
    public TransportAddress server() {
        return server;
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public void send(ByteBuffer message) {
        room(message.remaining()).writeBytes(message);
    }

    @Override
    public void deliver(Peer peer, Datagram data, long nowNanos) {
        if (channel.isWritable()) {
            loop.frame(peer, data, true, nowNanos);
            data.copyTo(room(data.length()));
        } else if (allocation != null) {
            // what is late is no use to a call; a stream mustn't become a queue
            allocation.drop("data that the client's connection didn't take in time");
        }
    }

    /** Where the next frame of this wake-up is put: all of them go out together. */
    private ByteBuf room(int bytes) {
        ByteBuf out = waiting;
        if (out != null && out.readableBytes() + bytes > MAX_TOGETHER_BYTES) {
            var _ = channel.write(out, channel.voidPromise());
            out = null;
        }
        if (out == null) {
            out = channel.alloc().directBuffer(Math.max(bytes, FIRST_BYTES));
            waiting = out;
        }
        if (!isDirty) {
            isDirty = true;
            loop.flushLater(this);
        }
        return out;
    }

    @Override
    public void flushNow() {
        isDirty = false;
        ByteBuf out = waiting;
        waiting = null;
        if (out == null) return;
        var _ = channel.writeAndFlush(out, channel.voidPromise());
    }

    @Override
    public @Nullable Allocation allocation() {
        return allocation;
    }

    @Override
    public void hold(@Nullable Allocation held) {
        allocation = held;
        if (idle != null) idle.cancel(false);
        if (held == null && channel.isActive()) awaitAllocation();
    }
}
