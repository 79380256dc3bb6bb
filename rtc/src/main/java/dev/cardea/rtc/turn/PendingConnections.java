package dev.cardea.rtc.turn;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Connections with peers that wait for their client's half. That may come to another loop than the
 * allocation's, so all loops share this.
 */
public final class PendingConnections {
    /** RFC 6062 section 5.3. */
    static final long TIMEOUT_NANOS = Duration.ofSeconds(30).toNanos();

    /**
     * @param name of the user who may have it
     */
    record Pending(PeerConnection peer, TcpRelay relay, String name, long untilNanos) {}

    private final Map<Integer, Pending> byId = new ConcurrentHashMap<>();

    boolean add(int id, Pending pending) {
        return byId.putIfAbsent(id, pending) == null;
    }

    /** Takes what the user waits for; null: there is no such connection of theirs. */
    @Nullable Pending take(int id, String name) {
        Pending pending = byId.get(id);
        if (pending == null || !pending.name().equals(name)) return null;
        return byId.remove(id, pending) ? pending : null;
    }

    /** Ends those that nobody came for. */
    void tick(long nowNanos) {
        byId.forEach((id, each) -> {
            if (nowNanos - each.untilNanos() >= 0 && byId.remove(id, each)) each.peer().close();
        });
    }
}
