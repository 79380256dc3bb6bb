package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Client;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.rtc.turn.Relay;
import dev.cardea.rtc.turn.TurnEngine;
import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What TURN is on one event loop: the engine, and what its sockets share. Everything is done on
 * that loop but {@link #handOver}.
 *
 * <p>What is written in a wake-up goes out at its end: one flush for each socket.
 */
final class TurnLoop {
    /** A client that sends faster than its data can be handed over loses it. */
    private static final int MAX_HANDED = 4096;

    private static final int SCRATCH_BYTES = 65_556;

    private record Handed(NettyRelay to, TransportAddress from, ByteBuf data) {}

    private final SingleThreadEventLoop eventLoop;
    private final Journal journal;
    private final TurnEngine engine;
    private volatile TurnSums open = TurnSums.NONE;
    private final TurnCounters counters = new TurnCounters();
    private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH_BYTES);
    private final List<Flushable> dirty = new ArrayList<>();
    private final Runnable flush = this::flush;
    private int wakeUps;
    private final Queue<Handed> handed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handedCount = new AtomicInteger();
    private final Runnable takeOver = this::takeOver;

    TurnLoop(
            SingleThreadEventLoop eventLoop,
            Journal journal,
            Function<TurnLoop, TurnEngine> engine) {
        this.eventLoop = eventLoop;
        this.journal = journal;
        this.engine = engine.apply(this);
    }

    SingleThreadEventLoop eventLoop() {
        return eventLoop;
    }

    Journal journal() {
        return journal;
    }

    TurnEngine engine() {
        return engine;
    }

    /** What the open allocations have carried, at the last tick. Any thread. */
    TurnSums open() {
        return open;
    }

    /** About once a second. */
    void tick(long nowNanos) {
        engine.tick(nowNanos);
        TurnSums sums = TurnSums.NONE;
        for (Allocation each : engine.allocations()) sums = sums.and(TurnSums.of(each));
        open = sums;
    }

    TurnCounters counters() {
        return counters;
    }

    /** A STUN message; the buffer stays the caller's. */
    void message(ByteBuf in, Client client) {
        int bytes = in.readableBytes();
        if (bytes > SCRATCH_BYTES) return;
        scratch.clear().limit(bytes);
        in.getBytes(in.readerIndex(), scratch.array(), 0, bytes);
        engine.receive(scratch, client, System.nanoTime());
    }

    /**
     * Channel data of a client to its peer.
     *
     * @param in a frame, which is released or sent on from here
     */
    void channelData(ByteBuf in, Allocation allocation) {
        int start = in.readerIndex();
        int length =
                in.readableBytes() < ChannelData.HEADER_BYTES
                        ? Integer.MAX_VALUE
                        : in.getUnsignedShort(start + 2);
        if (length > in.readableBytes() - ChannelData.HEADER_BYTES) {
            allocation.drop("channel data that is shorter than it says");
            in.release();
            return;
        }
        Peer peer = allocation.toChannel(in.getUnsignedShort(start), length, System.nanoTime());
        Relay relay = peer == null ? null : allocation.relayTo(peer);
        if (!(relay instanceof NettyRelay open) || peer == null) {
            counters.dropped();
            in.release();
            return;
        }
        int data = start + ChannelData.HEADER_BYTES;
        open.sendOn(peer, in.setIndex(data, data + length));
    }

    /**
     * Data of a peer to the client of an allocation.
     *
     * @param padded whether frames are, as on a stream
     */
    ByteBuf toClient(Peer peer, ByteBuf data, Channel channel, boolean padded, long nowNanos) {
        int bytes = data.readableBytes();
        int padding = ChannelData.paddingBytes(bytes);
        int number = peer.channel(nowNanos);
        if (number != Peer.NO_CHANNEL) {
            ByteBuf out = channel.alloc().directBuffer(ChannelData.HEADER_BYTES + bytes + 3);
            out.writeInt(ChannelData.header(number, bytes));
            out.writeBytes(data, data.readerIndex(), bytes);
            return padded ? out.writeZero(padding) : out;
        }
        ByteBuffer header = engine.dataHeader(peer, bytes);
        ByteBuf out = channel.alloc().directBuffer(header.remaining() + bytes + 3);
        out.writeBytes(header.array(), header.arrayOffset(), header.remaining());
        return out.writeBytes(data, data.readerIndex(), bytes).writeZero(padding);
    }

    /** Something was written, and is to be flushed before the loop waits. */
    void flushLater(Flushable written) {
        if (dirty.isEmpty()) eventLoop.executeAfterEventLoopIteration(flush);
        dirty.add(written);
    }

    /** How many wake-ups there were in which something was written. */
    int wakeUps() {
        return wakeUps;
    }

    private void flush() {
        wakeUps++;
        for (int i = 0; i < dirty.size(); i++) dirty.get(i).flushNow();
        dirty.clear();
    }

    /** Gives data to a relay of this loop, from another one. Takes the buffer. */
    void handOver(NettyRelay to, TransportAddress from, ByteBuf data) {
        int before = handedCount.getAndIncrement();
        if (before >= MAX_HANDED) {
            handedCount.decrementAndGet();
            data.release();
            return;
        }
        handed.add(new Handed(to, from, data));
        if (before == 0) eventLoop.execute(takeOver);
    }

    private void takeOver() {
        int count = handedCount.get();
        for (int taken = 0; taken < count; ) {
            Handed next = handed.poll();
            if (next == null) continue; // counted before it is added
            next.to().receive(next.from(), next.data());
            taken++;
        }
        if (handedCount.addAndGet(-count) > 0) eventLoop.execute(takeOver);
    }
}
