package dev.cardea.server.net;

import dev.cardea.messaging.limit.RateLimits;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many clients the node serves, over all doors ({@code client.connection_limit}, {@code
 * client.connection_rate_limit}). Thread safe.
 */
public final class ConnectionLimits {
    private final int limit;
    private final RateLimits rates;

    /** From the handshake on, though a client may not have connected yet, or never will. */
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param limit open connections of the whole node; 0: any number
     */
    public ConnectionLimits(int limit, RateLimits rates) {
        this.limit = limit;
        this.rates = rates;
    }

    /** Why one more isn't let in; null: it is. Either is an attempt. */
    public @Nullable String refusal() {
        if (limit > 0 && open.get() >= limit) return "connection limit reached";
        if (!rates.admitsConnection(System.nanoTime())) return "connection rate limit reached";
        return null;
    }

    public void opened() {
        open.incrementAndGet();
    }

    public void closed() {
        open.decrementAndGet();
    }
}
