package dev.cardea.messaging.log;

import dev.cardea.wire.centrifuge.DeltaForm;
import org.jspecify.annotations.Nullable;

/**
 * A wire format that entries are delivered in: a protocol's encoding inside a transport's framing.
 * Stateless; called from any event loop, at most a few times for each entry.
 */
public interface Encoding {
    /** How many encodings an entry has room for. */
    int MAX = 32;

    /** Those below are in use wherever clients are; room for the others is made on first use. */
    int COMMON = 2;

    /** A number of its own below {@link #MAX}, the same for as long as the process lives. */
    int index();

    /** Makes the frame that all subscribers of this encoding are sent. */
    Frame encode(String channel, Entry entry);

    /**
     * Whether the frames of entries that follow one another may be sent as one; not where each
     * connection puts something of its own before each.
     */
    default boolean inRuns() {
        return true;
    }

    /** How the same transport sends subscriptions with deltas; null: it has none. */
    default @Nullable Deltas deltas() {
        return null;
    }

    /**
     * The encodings of a subscription with deltas.
     *
     * @param form of the publications in replies
     * @param whole a publication that is no patch
     * @param patch a publication as a patch of its {@link Entry#base}, if that is shorter
     */
    record Deltas(DeltaForm form, Encoding whole, Encoding patch) {}
}
