package dev.cardea.messaging.log;

/**
 * A wire format that entries are delivered in: a protocol's encoding inside a transport's framing.
 * Stateless; called from any event loop, at most a few times for each entry.
 */
public interface Encoding {
    /** How many encodings an entry has room for. */
    int MAX = 4;

    /** A number of its own below {@link #MAX}, the same for as long as the process lives. */
    int index();

    /** Makes the frame that all subscribers of this encoding are sent. */
    Frame encode(String channel, Entry entry);
}
