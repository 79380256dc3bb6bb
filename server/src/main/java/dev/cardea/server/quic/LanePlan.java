package dev.cardea.server.quic;

import dev.cardea.server.net.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a client wants its channels to come, as the URL of its session says. Immutable.
 *
 * @param framed each message of the client's stream has its length before it
 * @param laneForEach each channel comes on a stream of its own
 * @param lossy channels that come in datagrams: names, or what they begin with and {@code *}
 */
record LanePlan(boolean framed, boolean laneForEach, List<String> lossy) {
    private static final int MAX_PATTERNS = 64;

    /** Everything on the client's stream, as Centrifugo has it. */
    static final LanePlan NONE = new LanePlan(false, false, List.of());

    /**
     * {@code streams=one} frames, {@code streams=channel} gives each channel a stream, and {@code
     * datagrams=a,b:*} asks for datagrams. Null: it asks for what there isn't.
     */
    static @Nullable LanePlan of(RequestHead head) {
        String streams = head.parameter("streams");
        String datagrams = head.parameter("datagrams");
        if (streams == null) return datagrams == null ? NONE : null;
        if (!streams.equals("one") && !streams.equals("channel")) return null;
        List<String> lossy =
                datagrams == null || datagrams.isEmpty()
                        ? List.of()
                        : List.of(datagrams.split(",", -1));
        if (lossy.size() > MAX_PATTERNS || lossy.contains("")) return null;
        return new LanePlan(true, streams.equals("channel"), lossy);
    }

    boolean isLossy(String channel) {
        for (String pattern : lossy) {
            boolean matches =
                    pattern.endsWith("*")
                            ? channel.startsWith(pattern.substring(0, pattern.length() - 1))
                            : channel.equals(pattern);
            if (matches) return true;
        }
        return false;
    }

    boolean hasLane(String channel) {
        return laneForEach || isLossy(channel);
    }
}
