package dev.cardea.benchmarks.load;

import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * A peer that sends as a camera does, many datagrams in a row; the next row when all have come to
 * the client, each once and in order.
 */
final class TurnBurst {
    private static final int CHANNEL = 0x4000;
    private static final int IN_A_ROW = 16;
    private static final int DATA_BYTES = 1200;
    private static final int PEER_PORT = 3493;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final ValueLayout.OfInt NUMBER =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment out = Arena.global().allocate(DATA_BYTES, 8);
    private final MemorySegment in = Arena.global().allocate(2 * DATA_BYTES, 8);
    private final TurnCrowd crowd;
    private final TurnClient client;
    private final int peer;
    private int number;

    TurnBurst(TurnCrowd crowd) throws IOException {
        this.crowd = crowd;
        client = crowd.allocate(1).getFirst();
        peer = Kernel.connectDatagrams(1, PEER_PORT, client.relayPort());
        crowd.bind(client, CHANNEL, new TransportAddress(IpAddress.parse("127.0.0.1"), PEER_PORT));
    }

    /** Returns how many came through. */
    long runFor(double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long count = 0;
        while (System.nanoTime() - end < 0 && crowd.problemCount() == 0) {
            int first = number;
            for (int i = 0; i < IN_A_ROW; i++) {
                out.set(NUMBER, 0, number++);
                if (!Kernel.send(peer, out.address(), DATA_BYTES)) crowd.problem("can't send");
            }
            for (int i = 0; i < IN_A_ROW; i++) receive(first + i);
            count += IN_A_ROW;
        }
        return count;
    }

    private void receive(int expected) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long bytes = Kernel.NOTHING_YET;
        while (bytes == Kernel.NOTHING_YET && System.nanoTime() - end < 0) {
            bytes = Kernel.receive(client.fd(), in.address(), in.byteSize());
        }
        boolean isRight =
                bytes == ChannelData.HEADER_BYTES + DATA_BYTES
                        && in.get(NUMBER, 0) == ChannelData.header(CHANNEL, DATA_BYTES)
                        && in.get(NUMBER, ChannelData.HEADER_BYTES) == expected;
        if (!isRight) crowd.problem("datagram " + expected + " is lost or another one");
    }
}
