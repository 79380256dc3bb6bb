package dev.cardea.messaging.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets what is published to a crowded channel gather for a moment while its readers are still busy
 * with what came before, so that one write to each of them carries more.
 *
 * <p>A channel whose last fan-out took a time isn't read again before a sixteenth of that time has
 * passed. That is the most that a publication can be late by, and it comes to nothing for a channel
 * that isn't published to without a pause: then the moment is long over. Belongs to one event loop.
 */
final class Gathering {
    /** Fewer readers than this are served faster than anything could gather. */
    private static final int CROWD = 64;

    private static final int SHARE = 16;

    /** Published to again too early; the first to be read is in front, about. */
    private final ArrayDeque<LocalChannel> waiting = new ArrayDeque<>();

    /** Crowded channels that this turn reads. */
    private final List<LocalChannel> read = new ArrayList<>();

    /** Whether the channel, which was marked dirty and stays so, is kept back for now. */
    boolean holds(LocalChannel channel, long nowNanos) {
        if (channel.readAgainNanos - nowNanos <= 0 || channel.count() < CROWD) return false;
        waiting.add(channel);
        return true;
    }

    /** A channel whose moment is over. */
    @Nullable LocalChannel next(long nowNanos) {
        LocalChannel first = waiting.peek();
        if (first == null || first.readAgainNanos - nowNanos > 0) return null;
        return waiting.remove();
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    void woken(LocalChannel channel) {
        if (channel.count() >= CROWD) read.add(channel);
    }

    /** Whether {@link #turnEnds} has anything to note. */
    boolean isConcerned() {
        return !read.isEmpty();
    }

    /**
     * @param connections that the turn served; each is taken to have cost the same
     */
    void turnEnds(int connections, long startNanos, long nowNanos) {
        long nanosForEach = (nowNanos - startNanos) / Math.max(1, connections);
        for (LocalChannel channel : read)
            channel.readAgainNanos = nowNanos + channel.count() * nanosForEach / SHARE;
        read.clear();
    }
}
