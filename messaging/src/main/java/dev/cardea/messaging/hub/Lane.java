package dev.cardea.messaging.hub;

/**
 * A way out of its own for one subscription's publications, beside its connection's. What one
 * lane's peer doesn't take holds back no other. Belongs to the connection's event loop.
 *
 * <p>It carries frames alone, and nothing before {@link #begin}. Who opened it says when it is
 * writable again.
 */
public interface Lane extends Outlet {
    /** What is written may be lost: the newest arrives, what is older needn't. */
    boolean isLossy();

    /**
     * All that the connection was told up to here was written to its own outlet: the peer takes
     * that first.
     */
    void begin();

    /**
     * The subscription has ended with everything that was written; what the connection is told from
     * now on, the peer takes behind it.
     */
    void end();

    /** The subscription has ended, and what its peer hasn't taken goes with it. */
    @Override
    void abort();
}
