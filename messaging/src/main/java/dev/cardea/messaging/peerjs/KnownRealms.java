package dev.cardea.messaging.peerjs;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The other realms, and where peers were found. What it knows of peers is a guess, and bounded. */
final class KnownRealms {
    private static final long GONE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MAX_PLACES = 10_000;

    private final Map<String, Long> heardNanos = new HashMap<>();
    private final Map<String, String> nodeById =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                    return size() > MAX_PLACES;
                }
            };

    /** Whether it wasn't known. */
    boolean heard(String node, long nowNanos) {
        return heardNanos.put(node, nowNanos) == null;
    }

    void forget(String node) {
        heardNanos.remove(node);
        nodeById.values().removeIf(node::equals);
    }

    /** Returns those that have fallen silent. */
    Set<String> forgetSilent(long nowNanos) {
        Set<String> silent = new HashSet<>();
        heardNanos.forEach((node, heard) -> {
            if (nowNanos - heard > GONE_NANOS) silent.add(node);
        });
        silent.forEach(this::forget);
        return silent;
    }

    Set<String> nodes() {
        return Set.copyOf(heardNanos.keySet());
    }

    boolean isEmpty() {
        return heardNanos.isEmpty();
    }

    void found(String id, String node) {
        nodeById.put(id, node);
    }

    void lost(String id) {
        nodeById.remove(id);
    }

    /** Not where it has come to since. */
    void lost(String id, String node) {
        nodeById.remove(id, node);
    }

    @Nullable String nodeOf(String id) {
        return nodeById.get(id);
    }
}
