package dev.cardea.server.quic;

import dev.cardea.messaging.log.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lane whose frames go in datagrams, numbered: what is lost isn't repeated, what comes late is
 * dropped by the client. A frame that is too long for a datagram goes on the lane's stream, and so
 * does the newest one once the channel is quiet: so the newest always arrives.
 */
final class DatagramLane extends LaneOutlet {
    /** What a path is sure to take, whatever the peer's limit is. */
    private static final int MAX_PAYLOAD_BYTES = 1100;

    private static final long QUIET_MILLIS = 100;

    private final QuicChannel connection;
    private long sequence;
    private @Nullable Frame newest;

    /** The newest that went on the stream. */
    private long reliable;

    private long sentAtNanos;
    private @Nullable Future<?> quiet;

    DatagramLane(
            WebTransportSession session,
            ControlOutlet control,
            String channel,
            long number,
            Runnable whenWritable) {
        super(session, control, channel, number, whenWritable);
        this.connection = session.connection().channel();
    }

    @Override
    public boolean isLossy() {
        return true;
    }

    /** However busy the connection is: what can't be sent is dropped. */
    @Override
    public boolean isWritable() {
        return writer() != null && !isOver();
    }

    @Override
    public void write(Frame frame) {
        sequence++;
        newest = frame;
        sentAtNanos = System.nanoTime();
        if (!writeDatagram(frame)) writeReliably();
        if (quiet == null) watch(QUIET_MILLIS);
    }

    private boolean writeDatagram(Frame frame) {
        int limit = Math.min(MAX_PAYLOAD_BYTES, session().connection().maxDatagramBytes());
        if (frame.lengthBytes() > limit) return false;
        ByteBuf datagram = connection.alloc().directBuffer(frame.lengthBytes() + 24);
        Varints.write(session().id() / 4, datagram);
        Varints.write(number(), datagram);
        Varints.write(sequence, datagram);
        datagram.writeBytes(frame.bytes());
        if (datagram.readableBytes() > limit) {
            datagram.release();
            return false;
        }
        var _ = connection.write(datagram);
        return true;
    }

    /** Where the stream doesn't take it now, it is tried again. */
    private void writeReliably() {
        StreamWriter writer = writer();
        Frame frame = newest;
        if (writer == null || frame == null || !writer.isIdle()) return;
        ByteBuf out = writer.batch();
        Varints.write(sequence, out);
        Varints.write(frame.lengthBytes(), out);
        out.writeBytes(frame.bytes());
        reliable = sequence;
    }

    private void watch(long millis) {
        quiet = connection.eventLoop().schedule(this::repeatIfQuiet, millis, TimeUnit.MILLISECONDS);
    }

    private void repeatIfQuiet() {
        quiet = null;
        if (isOver() || reliable == sequence) return;
        long quietMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sentAtNanos);
        if (quietMillis >= QUIET_MILLIS) {
            writeReliably();
            super.flush();
        }
        if (reliable != sequence) watch(Math.max(1, QUIET_MILLIS - quietMillis));
    }

    @Override
    public void flush() {
        connection.flush();
        super.flush();
    }

    @Override
    public int pendingBytes() {
        return 0; // nothing waits for its peer
    }
}
