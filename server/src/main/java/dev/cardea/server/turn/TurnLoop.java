package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Client;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.rtc.turn.Relay;
import dev.cardea.rtc.turn.TurnEngine;
import dev.cardea.server.udp.Datagram;
import dev.cardea.server.udp.UdpLoop;
import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.SingleThreadEventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
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

    private record Handed(UdpRelayed to, TransportAddress from, ByteBuf data) {}

    private final SingleThreadEventLoop eventLoop;
    private final UdpLoop udp;
    private final Journal journal;
    private final TurnEngine engine;
    private volatile TurnSums open = TurnSums.NONE;
    private final TurnCounters counters = new TurnCounters();
    private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH_BYTES);
    private final List<Flushable> dirty = new ArrayList<>();
    private final Runnable flush = this::flush;
    private final Queue<Handed> handed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handedCount = new AtomicInteger();
    private final Runnable takeOver = this::takeOver;

    TurnLoop(
            SingleThreadEventLoop eventLoop,
            Journal journal,
            Function<TurnLoop, TurnEngine> engine) {
        this.eventLoop = eventLoop;
        this.udp = new UdpLoop(eventLoop);
        this.journal = journal;
        this.engine = engine.apply(this);
    }

    SingleThreadEventLoop eventLoop() {
        return eventLoop;
    }

    /** The sockets over UDP. */
    UdpLoop udp() {
        return udp;
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

    /**
     * Opens a socket on this loop, from another thread.
     *
     * @param what for the message of the failure
     */
    <T> T open(String what, Callable<T> opening) throws IOException {
        try {
            return eventLoop.submit(opening).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("cannot listen on " + what + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("cannot listen on " + what + ": interrupted", e);
        }
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

    /** A STUN message that came in a stream; the buffer stays the caller's. */
    void message(ByteBuf in, int bytes, Client client) {
        if (bytes > SCRATCH_BYTES) return;
        in.getBytes(in.readerIndex(), scratch.array(), 0, bytes);
        message(bytes, client);
    }

    /** A STUN message in a datagram. */
    void message(Datagram in, Client client) {
        in.copyTo(scratch.array());
        message(in.length(), client);
    }

    private void message(int bytes, Client client) {
        scratch.clear().limit(bytes);
        engine.receive(scratch, client, System.nanoTime());
    }

    /** Channel data of a client to its peer: a whole frame. */
    void channelData(Datagram frame, Allocation allocation) {
        int length =
                frame.length() < ChannelData.HEADER_BYTES
                        ? Integer.MAX_VALUE
                        : frame.unsignedShort(2);
        if (length > frame.length() - ChannelData.HEADER_BYTES) {
            allocation.drop("channel data that is shorter than it says");
            return;
        }
        Peer peer = allocation.toChannel(frame.unsignedShort(0), length, System.nanoTime());
        Relay relay = peer == null ? null : allocation.relayTo(peer);
        if (!(relay instanceof UdpRelayed open) || peer == null) {
            counters.dropped();
            return;
        }
        frame.cut(ChannelData.HEADER_BYTES, length);
        open.sendOn(peer, frame);
    }

    /**
     * Makes data of a peer what the client of an allocation understands.
     *
     * @param padded whether frames are, as on a stream
     */
    void frame(Peer peer, Datagram data, boolean padded, long nowNanos) {
        int bytes = data.length();
        int number = peer.channel(nowNanos);
        boolean isChannel = number != Peer.NO_CHANNEL;
        if (isChannel) data.prepend(ChannelData.header(number, bytes));
        else data.prepend(engine.dataHeader(peer, bytes));
        if (padded || !isChannel) data.pad(ChannelData.paddingBytes(bytes));
    }

    /** Something was written, and is to be flushed before the loop waits. */
    void flushLater(Flushable written) {
        if (dirty.isEmpty()) eventLoop.executeAfterEventLoopIteration(flush);
        dirty.add(written);
    }

    private void flush() {
        for (int i = 0; i < dirty.size(); i++) dirty.get(i).flushNow();
        dirty.clear();
    }

    private void take(Handed next) {
        ByteBuf data = next.data();
        Datagram copy = udp.copyOf(data, data.readerIndex(), data.readableBytes());
        data.release();
        try {
            next.to().receive(next.from(), copy);
        } catch (RuntimeException _) {
            counters.dropped(); // one must not cost those behind it
        } finally {
            copy.release();
        }
    }

    /** Gives data to a relay of this loop, from another one, whose memory it lies in. */
    void handOver(UdpRelayed to, TransportAddress from, Datagram data) {
        int before = handedCount.getAndIncrement();
        if (before >= MAX_HANDED) {
            handedCount.decrementAndGet();
            return;
        }
        ByteBuf copy = ByteBufAllocator.DEFAULT.directBuffer(data.length());
        data.copyTo(copy);
        handed.add(new Handed(to, from, copy));
        if (before == 0) eventLoop.execute(takeOver);
    }

    private void takeOver() {
        int count = handedCount.get();
        for (int taken = 0; taken < count; ) {
            Handed next = handed.poll();
            if (next == null) continue; // counted before it is added
            taken++;
            take(next);
        }
        if (handedCount.addAndGet(-count) > 0) eventLoop.execute(takeOver);
    }
}
