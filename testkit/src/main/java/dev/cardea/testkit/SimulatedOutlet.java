package dev.cardea.testkit;

import dev.cardea.messaging.hub.Lane;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection's way out with the test as its network: it takes everything at once, or nothing, or
 * as many bytes as it is told to. It fails the test when it is used against its contract.
 *
 * <p>Belongs to its loop; {@link #stall}, {@link #take} and {@link #resume} are for the test.
 */
public final class SimulatedOutlet implements Outlet {
    /** How a connection ended; code 0: without a word. */
    public record Close(int code, String reason) {}

    private final SimulatedLoop loop;
    private final Consumer<ByteBuffer> peer;
    private final Runnable onWritable;
    private final Runnable onReadsResumed;

    private final ArrayDeque<byte[]> batch = new ArrayDeque<>();
    private final ArrayDeque<byte[]> pending = new ArrayDeque<>();

    /** Bytes of the first pending message that the peer has taken. */
    private int takenOfFirst;

    private int pendingBytes;
    private int largestPendingBytes;
    private long messages;
    private int largestMessageBytes;
    private long takenBytes;
    private boolean stalled;
    private boolean readsPaused;
    private final Map<String, SimulatedLane> lanes = new HashMap<>();
    private boolean givesLanes;
    private boolean lossy;
    private @Nullable Close closing;
    private @Nullable Close closed;

    /**
     * @param peer is given each message once all of its bytes were taken
     */
    SimulatedOutlet(
            SimulatedLoop loop,
            Consumer<ByteBuffer> peer,
            Runnable onWritable,
            Runnable onReadsResumed) {
        this.loop = loop;
        this.peer = peer;
        this.onWritable = onWritable;
        this.onReadsResumed = onReadsResumed;
    }

    // ---- as the core uses it ----

    @Override
    public boolean isWritable() {
        assert loop.isCurrent() : "outlet used on another loop";
        return pendingBytes == 0 && closing == null;
    }

    @Override
    public void write(Frame frame) {
        add(frame.bytes().clone());
    }

    @Override
    public void message(ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        add(copy);
    }

    private void add(byte[] message) {
        if (!isWritable()) throw new AssertionError("written to while not writable");
        if (message.length == 0) throw new AssertionError("an empty message");
        batch.add(message);
        messages++;
        largestMessageBytes = Math.max(largestMessageBytes, message.length);
    }

    /** Transport messages written so far. */
    public long messages() {
        return messages;
    }

    @Override
    public void flush() {
        assert loop.isCurrent() : "outlet used on another loop";
        if (!batch.isEmpty()) loop.write();
        for (byte[] message : batch) pendingBytes += message.length;
        pending.addAll(batch);
        batch.clear();
        if (!stalled) takeBytes(Integer.MAX_VALUE);
        largestPendingBytes = Math.max(largestPendingBytes, pendingBytes);
    }

    @Override
    public int pendingBytes() {
        return pendingBytes;
    }

    @Override
    public long takenBytes() {
        return takenBytes;
    }

    @Override
    public void pauseReads(boolean paused) {
        if (readsPaused == paused) throw new AssertionError("told the same twice");
        readsPaused = paused;
        if (!paused) onReadsResumed.run();
    }

    @Override
    public void close(int code, String reason) {
        flush();
        if (closing != null) throw new AssertionError("closed twice");
        closing = new Close(code, reason);
        if (pendingBytes == 0) closed = closing;
    }

    @Override
    public void abort() {
        if (closing != null) throw new AssertionError("closed twice");
        batch.clear();
        pending.clear();
        pendingBytes = 0;
        closing = new Close(0, "");
        closed = closing;
    }

    @Override
    public @Nullable Lane openLane(String channel, Runnable whenWritable) {
        if (!givesLanes) return null;
        SimulatedOutlet own = new SimulatedOutlet(loop, peer, whenWritable, () -> {});
        SimulatedLane lane = new SimulatedLane(own, lossy);
        lanes.put(channel, lane);
        return lane;
    }

    // ---- as the test uses it ----

    /** From now on each subscription has a way out of its own. */
    public void giveLanes(boolean lossy) {
        givesLanes = true;
        this.lossy = lossy;
    }

    /** The newest one of a channel. */
    public SimulatedLane lane(String channel) {
        return Objects.requireNonNull(lanes.get(channel), channel);
    }

    /** From now on the peer takes nothing. */
    public void stall() {
        stalled = true;
    }

    /** The peer takes so many bytes more of what is pending. */
    public void take(int bytes) {
        loop.execute(() -> drain(bytes));
    }

    /** The peer takes everything again. */
    public void resume() {
        loop.execute(() -> {
            stalled = false;
            drain(Integer.MAX_VALUE);
        });
    }

    private void drain(int bytes) {
        if (pendingBytes == 0) return;
        takeBytes(bytes);
        if (pendingBytes > 0) return;
        if (closing == null) onWritable.run();
        else closed = closing;
    }

    private void takeBytes(int bytes) {
        int left = Math.min(bytes, pendingBytes);
        takenBytes += left;
        pendingBytes -= left;
        while (!pending.isEmpty()) {
            byte[] first = pending.element();
            int rest = first.length - takenOfFirst;
            if (rest > left) {
                takenOfFirst += left;
                return;
            }
            left -= rest;
            takenOfFirst = 0;
            peer.accept(ByteBuffer.wrap(pending.remove()));
        }
    }

    public boolean readsPaused() {
        return readsPaused;
    }

    /** The most that was ever pending. */
    public int largestPendingBytes() {
        return largestPendingBytes;
    }

    public int largestMessageBytes() {
        return largestMessageBytes;
    }

    /** How the server has ended the connection, though the peer may not know yet; null if not. */
    public @Nullable Close closing() {
        return closing;
    }

    /** How the connection ended, as the peer saw it; null while it is open. */
    public @Nullable Close closed() {
        return closed;
    }
}
