package dev.cardea.messaging.log;

/** Where a cursor puts the frames that it passes. */
public interface FrameSink {
    /** Takes the frame; it is shared, so it is copied or referred to, never written to. */
    void write(Frame frame);
}
