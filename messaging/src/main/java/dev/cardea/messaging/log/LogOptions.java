package dev.cardea.messaging.log;

/**
 * The bounds of a channel's log.
 *
 * @param historySize publications that history keeps; 0: no history
 * @param historyTtlNanos how long a publication is kept in history; 0: no history
 * @param historyBytes what its publications may take together, as the window counts; 0: no bound
 * @param windowSize entries that the delivery window keeps for cursors that are behind
 * @param windowBytes the same in bytes of payload and frames
 * @param keepsBase the newest publication is kept for as long as somebody may need it to patch
 */
public record LogOptions(
        int historySize,
        long historyTtlNanos,
        long historyBytes,
        int windowSize,
        long windowBytes,
        boolean keepsBase) {
    /** Without deltas, and without a bound of history in bytes. */
    public LogOptions(int historySize, long historyTtlNanos, int windowSize, long windowBytes) {
        this(historySize, historyTtlNanos, 0, windowSize, windowBytes, false);
    }

    public boolean hasHistory() {
        return historySize > 0 && historyTtlNanos > 0;
    }
}
