package dev.cardea.messaging.log;

/** How far the cursors of one event loop may read a channel, and which entries they leave out. */
public interface Gate {
    /** The last sequence that may be read now. */
    long openTo();

    /** Whether a newer entry at or before {@link #openTo()} stands for this one. */
    boolean supersedes(Entry entry);
}
