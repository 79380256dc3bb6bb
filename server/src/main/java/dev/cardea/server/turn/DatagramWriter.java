package dev.cardea.server.turn;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes out through one UDP socket, at the end of the wake-up. Datagrams in a row for one
 * address, all of one size but the last, which may be shorter, are handed over as one, and the
 * kernel cuts them up (UDP_SEGMENT): their way through it is walked once.
 */
final class DatagramWriter implements Flushable {
    /**
     * Fits into every path, for longer ones can't be joined: 1,280 without IPv6 and UDP headers.
     */
    private static final int MAX_JOINED_BYTES = 1232;

    /** The kernel takes 64 at once, and 65,507 bytes. */
    private static final int MAX_JOINED = 32;

    private static final InetSocketAddress NOBODY = new InetSocketAddress(0);

    private final Consumer<Flushable> flushLater;
    private final Runnable dropped;
    private final Channel channel;
    private final ChannelFutureListener rowSent = this::rowSent;
    private boolean mayJoin = canJoin();
    private boolean isDirty;

    /** The last datagram, or a row of them; null: none waits. */
    private @Nullable ByteBuf waiting;

    private InetSocketAddress to = NOBODY;

    /** The bytes of each in the row but the last. */
    private int each;

    private int count;

    /**
     * @param flushLater is told when something waits
     * @param dropped is told of a row that couldn't be sent
     */
    DatagramWriter(Consumer<Flushable> flushLater, Runnable dropped, Channel channel) {
        this.flushLater = flushLater;
        this.dropped = dropped;
        this.channel = channel;
    }

    private static boolean canJoin() {
        return Epoll.isAvailable() && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    /** Takes the buffer; false: the network is too slow, and it is dropped. */
    boolean write(ByteBuf data, InetSocketAddress recipient) {
        if (!channel.isWritable()) {
            data.release();
            return false;
        }
        ByteBuf before = waiting;
        if (before != null && joins(data, recipient)) {
            join(before, data);
        } else {
            if (before != null) pass(before);
            waiting = data;
            to = recipient;
            each = data.readableBytes();
            count = 1;
        }
        if (!isDirty) {
            isDirty = true;
            flushLater.accept(this);
        }
        return true;
    }

    /** A recipient that is known has one object for its address. */
    @SuppressWarnings("ReferenceEquality")
    private boolean joins(ByteBuf data, InetSocketAddress recipient) {
        int bytes = data.readableBytes();
        return to == recipient
                && mayJoin
                && bytes > 0
                && bytes <= each
                && each <= MAX_JOINED_BYTES
                && count < MAX_JOINED;
    }

    private void join(ByteBuf before, ByteBuf data) {
        ByteBuf row = before;
        if (count == 1) {
            row = channel.alloc().directBuffer(MAX_JOINED * each);
            row.writeBytes(before);
            before.release();
            waiting = row;
        }
        row.writeBytes(data, data.readerIndex(), data.readableBytes());
        // nothing may follow a shorter one
        count = data.readableBytes() < each ? MAX_JOINED : count + 1;
        data.release();
    }

    private void pass(ByteBuf row) {
        waiting = null;
        // the pipeline has nothing for what goes out: straight to the transport, twice a packet
        if (count == 1) {
            channel.unsafe().write(new DatagramPacket(row, to), channel.voidPromise());
        } else {
            DatagramPacket packet = new SegmentedDatagramPacket(row, each, to);
            channel.unsafe().write(packet, channel.newPromise().addListener(rowSent));
        }
    }

    @Override
    public void flushNow() {
        isDirty = false;
        if (waiting != null) pass(waiting);
        channel.unsafe().flush();
    }

    /** A driver that can't, or a path for smaller ones: from now on each goes alone. */
    private void rowSent(ChannelFuture sent) {
        if (sent.isSuccess()) return;
        mayJoin = false;
        dropped.run();
    }
}
