package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Entry;
import dev.cardea.wire.centrifuge.Publication;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds one loop's cursors of a channel back to one move an interval, and lets only the newest
 * entry for each key pass.
 *
 * <p>After a quiet interval the first entry goes at once. Then the gate opens once an interval, up
 * to the head; an entry below it whose key was published again is superseded. Order is kept:
 * cursors still move forward only.
 */
final class Conflation {
    private final ChannelOptions.Conflate options;
    private final ChannelLog log;

    /** The newest sequence for each key, at or before the gate. */
    private final Map<String, Long> newest = new HashMap<>();

    private long openTo;
    private long opensAtNanos;

    /** Something has waited for the gate since it opened last. */
    private boolean waited;

    Conflation(ChannelOptions.Conflate options, ChannelLog log, long nowNanos) {
        this.options = options;
        this.log = log;
        this.openTo = log.head();
        this.opensAtNanos = nowNanos;
    }

    long openTo() {
        return openTo;
    }

    /**
     * Opens the gate if its time has come. Returns false where the caller has to come back {@link
     * #opensAtNanos()}.
     */
    boolean open(long nowNanos) {
        if (nowNanos - opensAtNanos < 0) {
            waited = true;
            return false;
        }
        long head = log.head();
        if (head == openTo) return true;
        for (long sequence = Math.max(openTo + 1, log.tail()); sequence <= head; sequence++)
            note(log.read(sequence));
        newest.values().removeIf(sequence -> sequence < log.tail());
        openTo = head;
        // After a wait counted from when it was to open, not from when the timer came: so intervals
        // don't grow by the timer's ticks.
        boolean onTime = waited && nowNanos - opensAtNanos < options.intervalNanos();
        opensAtNanos = (onTime ? opensAtNanos : nowNanos) + options.intervalNanos();
        waited = false;
        return true;
    }

    long opensAtNanos() {
        return opensAtNanos;
    }

    boolean supersedes(Entry entry) {
        String key = keyOf(entry);
        if (key == null) return false;
        Long sequence = newest.get(key);
        return sequence != null && sequence > entry.sequence();
    }

    private void note(@Nullable Entry entry) {
        if (entry == null) return;
        String key = keyOf(entry);
        if (key != null) newest.put(key, entry.sequence());
    }

    /** Null: the entry stands for itself. */
    private @Nullable String keyOf(Entry entry) {
        Publication publication = entry.publication();
        if (publication == null) return null;
        return options.key().isEmpty() ? "" : publication.tags().get(options.key());
    }
}
