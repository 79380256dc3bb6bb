package dev.cardea.rtc.turn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many allocations there are, by user and in all. Shared by all loops. */
public final class Quotas {
    private final int limit;
    private final int limitPerUser;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byUser = new ConcurrentHashMap<>();

    /**
     * @param limit 0: none
     * @param limitPerUser 0: none
     */
    public Quotas(int limit, int limitPerUser) {
        this.limit = limit;
        this.limitPerUser = limitPerUser;
    }

    /** What stands in the way of another allocation, or an empty text: then it is counted. */
    String take(String user) {
        if (all.incrementAndGet() > limit && limit > 0) {
            all.decrementAndGet();
            return "the server has its " + limit + " allocations (quotas.allocations)";
        }
        int ofUser = byUser.merge(user, 1, Integer::sum);
        if (ofUser <= limitPerUser || limitPerUser == 0) return "";
        give(user);
        return "the user has " + limitPerUser + " allocations (quotas.allocations_per_user)";
    }

    void give(String user) {
        all.decrementAndGet();
        byUser.computeIfPresent(user, (_, count) -> count > 1 ? count - 1 : null);
    }

    public int allocations() {
        return all.get();
    }
}
