package dev.cardea.messaging.peerjs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Some want to know all ids, and other nodes are asked for theirs. */
final class Census {
    private final long number;
    private final Set<String> awaited;
    private final Set<String> ids = new TreeSet<>();
    private final long beganNanos;
    private final List<Consumer<List<String>>> askers = new ArrayList<>();

    Census(long number, Set<String> awaited, Set<String> own, long nowNanos) {
        this.number = number;
        this.awaited = new HashSet<>(awaited);
        this.ids.addAll(own);
        this.beganNanos = nowNanos;
    }

    long number() {
        return number;
    }

    /**
     * Who asks while it goes on, or shortly after, is told the same: nobody makes all nodes count
     * all the time.
     */
    boolean isGoodFor(long nowNanos, long goodNanos) {
        return nowNanos - beganNanos < goodNanos;
    }

    void askedBy(Consumer<List<String>> asker) {
        askers.add(asker);
    }

    void counted(String node, List<String> its) {
        if (awaited.remove(node)) ids.addAll(its);
    }

    /** Tells those who have asked, if all nodes have answered, or those that haven't are late. */
    void tell(long nowNanos, long patienceNanos) {
        if (askers.isEmpty()) return;
        if (!awaited.isEmpty() && nowNanos - beganNanos < patienceNanos) return;
        List<String> all = List.copyOf(ids);
        List<Consumer<List<String>>> told = List.copyOf(askers);
        askers.clear();
        for (Consumer<List<String>> each : told) each.accept(all);
    }
}
