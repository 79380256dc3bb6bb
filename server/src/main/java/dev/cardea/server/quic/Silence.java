package dev.cardea.server.quic;

/**
 * Whether a peer still answers. Whoever lives acknowledges what it is sent at once, even if it
 * reads nothing; whoever has vanished without a word (its process was killed, its network is gone)
 * doesn't, however often QUIC repeats itself. Packets are counted, so that a wait of our own isn't
 * taken for the peer's.
 */
final class Silence {
    /**
     * Packets that are owed at least one answer: of two, both may be acknowledgements, which get
     * none.
     */
    private static final long UNANSWERED_PACKETS = 3;

    /** Whole intervals without an answer. */
    static final int INTERVALS = 3;

    private long received;
    private long sent;
    private long repeated;
    private int silentIntervals;

    /**
     * Looks once more, after an interval.
     *
     * @param received packets of the connection so far
     * @param sent the same
     * @param repeated of those sent, the ones that say something again because no answer came: one
     *     is enough to wait for, as the next comes twice as late each time (RFC 9002 section 6.2.1)
     * @return whether the peer has vanished
     */
    boolean look(long received, long sent, long repeated) {
        if (received != this.received) {
            this.received = received;
            this.sent = sent;
            this.repeated = repeated;
            silentIntervals = 0;
            return false;
        }
        if (repeated == this.repeated && sent - this.sent < UNANSWERED_PACKETS) return false;
        return silentIntervals++ == INTERVALS;
    }
}
