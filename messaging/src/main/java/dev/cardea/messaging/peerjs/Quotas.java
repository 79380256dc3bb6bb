package dev.cardea.messaging.peerjs;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many ids are held or claimed on this node, in all, by user and by address. */
final class Quotas {
    private final RealmOptions options;
    private final Map<String, Integer> byUser = new HashMap<>();
    private final Map<String, Integer> byAddress = new HashMap<>();
    private int all;

    Quotas(RealmOptions options) {
        this.options = options;
    }

    /** Why one more may not be; null: it is counted. */
    @Nullable Refused take(Registration newcomer) {
        if (all >= options.concurrentLimit()) return Refused.SERVER_IS_FULL;
        if (isFull(byUser, newcomer.user(), options.perUser())) return Refused.TOO_MANY_OF_USER;
        if (isFull(byAddress, newcomer.address(), options.perAddress()))
            return Refused.TOO_MANY_OF_ADDRESS;
        all++;
        count(byUser, newcomer.user(), options.perUser());
        count(byAddress, newcomer.address(), options.perAddress());
        return null;
    }

    private static boolean isFull(Map<String, Integer> counts, String of, int limit) {
        return limit > 0 && !of.isEmpty() && counts.getOrDefault(of, 0) >= limit;
    }

    private static void count(Map<String, Integer> counts, String of, int limit) {
        if (limit > 0 && !of.isEmpty()) counts.merge(of, 1, Integer::sum);
    }

    void giveBack(Registration gone) {
        all--;
        byUser.computeIfPresent(gone.user(), (_, n) -> n == 1 ? null : Integer.valueOf(n - 1));
        byAddress.computeIfPresent(
                gone.address(), (_, n) -> n == 1 ? null : Integer.valueOf(n - 1));
    }
}
