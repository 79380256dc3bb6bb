package dev.cardea.messaging.broker;

import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.Publication;
import java.util.List;

/** What a broker tells the nodes that listen to a channel. Immutable. */
public sealed interface Arrival {
    /**
     * A publication was appended to the stream.
     *
     * @param previousOffset of the publication before it in the stream; 0: there was none. Offsets
     *     increase, and need not be contiguous
     * @param previousNonce the same one's; 0: the broker doesn't say, while it tells of all that is
     *     appended
     * @param at the stream's top with it
     * @param isPatched subscribers that ask for deltas may get it as a patch of the one before
     */
    record Appended(
            long previousOffset,
            long previousNonce,
            Mark at,
            boolean isPatched,
            Publication publication)
            implements Arrival {}

    /** A publication that no history keeps: nobody can tell whether one is missing. */
    record Passing(boolean isPatched, Publication publication) implements Arrival {}

    /** Joins and leaves, in their order. */
    record Events(List<PresenceEvent> events) implements Arrival {}

    /** The stream isn't what it was: look. */
    record Doubt() implements Arrival {}
}
