package dev.cardea.server.udp;

/**
 * How many datagrams a socket asks the kernel for at once. To ask for several costs a look that
 * finds nothing where fewer came; so it is twice as many as the last time while they all come, and
 * half as many while they don't. A single one, which is the cheapest, becomes two when the socket
 * has something in two wake-ups on end. It asks again only where as many came as it asked for.
 */
final class ReadSize {
    private final int max;
    private int atOnce = 1;
    private int lastWakeUp;
    private boolean isOnEnd;

    /**
     * @param max a power of two
     */
    ReadSize(int max) {
        this.max = max;
    }

    /** The socket has something. */
    void begin(int wakeUp) {
        isOnEnd = wakeUp == lastWakeUp + 1;
        lastWakeUp = wakeUp;
    }

    int atOnce() {
        return atOnce;
    }

    /** What was found; true: ask again. */
    boolean came(int count) {
        boolean all = count >= atOnce;
        boolean mayBeMore = all && atOnce > 1;
        if (all && (mayBeMore || isOnEnd)) atOnce = Math.min(2 * atOnce, max);
        else if (2 * count <= atOnce) atOnce = Math.max(1, atOnce / 2);
        return mayBeMore;
    }
}
