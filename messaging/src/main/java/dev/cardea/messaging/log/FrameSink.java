package dev.cardea.messaging.log;

/** Where a cursor puts the frames that it passes. */
public interface FrameSink {
    /**
     * Takes a frame; it is shared, so it is copied or referred to, never written to.
     *
     * @param entries how many of the log are in it: one, or a run of them
     */
    void write(Frame frame, int entries);
}
