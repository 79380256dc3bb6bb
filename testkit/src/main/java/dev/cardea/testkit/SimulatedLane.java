package dev.cardea.testkit;

import dev.cardea.messaging.hub.Lane;
import dev.cardea.messaging.log.Frame;
import java.nio.ByteBuffer;

/** A way out of its own for one subscription, with the test as its network. */
public final class SimulatedLane implements Lane {
    private final SimulatedOutlet outlet;
    private final boolean lossy;
    private boolean begun;
    private boolean ended;
    private boolean aborted;

    SimulatedLane(SimulatedOutlet outlet, boolean lossy) {
        this.outlet = outlet;
        this.lossy = lossy;
    }

    // ---- as the core uses it ----

    @Override
    public boolean isLossy() {
        return lossy;
    }

    @Override
    public void begin() {
        if (begun) throw new AssertionError("begun twice");
        begun = true;
    }

    @Override
    public boolean isWritable() {
        return begun && !isOver() && outlet.isWritable();
    }

    @Override
    public void write(Frame frame) {
        if (!begun || isOver()) throw new AssertionError("written to outside of its time");
        outlet.write(frame);
    }

    @Override
    public void message(ByteBuffer payload) {
        throw new AssertionError("lanes carry publications alone");
    }

    @Override
    public void flush() {
        outlet.flush();
    }

    @Override
    public int pendingBytes() {
        return aborted ? 0 : outlet.pendingBytes();
    }

    @Override
    public long takenBytes() {
        return outlet.takenBytes();
    }

    @Override
    public void pauseReads(boolean paused) {
        throw new AssertionError("nothing is read from a lane");
    }

    @Override
    public void close(int code, String reason) {
        throw new AssertionError("lanes end with their subscriptions");
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public void abort() {
        aborted = true;
    }

    // ---- as the test uses it ----

    private boolean isOver() {
        return ended || aborted;
    }

    public boolean hasBegun() {
        return begun;
    }

    public boolean hasEnded() {
        return ended;
    }

    /** What its peer hadn't taken went with it. */
    public boolean wasAborted() {
        return aborted;
    }

    /** From now on its peer takes nothing. */
    public void stall() {
        outlet.stall();
    }

    /** Its peer takes everything again. */
    public void resume() {
        outlet.resume();
    }
}
