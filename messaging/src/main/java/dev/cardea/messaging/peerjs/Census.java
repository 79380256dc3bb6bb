package dev.cardea.messaging.peerjs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Somebody wants to know all ids, and other nodes are asked for theirs. */
final class Census {
    private final Set<String> awaited;
    private final Set<String> ids = new TreeSet<>();
    private final long deadlineNanos;
    private final Consumer<List<String>> done;

    Census(Set<String> awaited, Set<String> own, long deadlineNanos, Consumer<List<String>> done) {
        this.awaited = new HashSet<>(awaited);
        this.ids.addAll(own);
        this.deadlineNanos = deadlineNanos;
        this.done = done;
    }

    /** Returns whether it was the last. */
    boolean counted(String node, List<String> its) {
        if (!awaited.remove(node)) return false;
        ids.addAll(its);
        return awaited.isEmpty();
    }

    boolean isOver(long nowNanos) {
        return awaited.isEmpty() || nowNanos - deadlineNanos >= 0;
    }

    void finish() {
        done.accept(List.copyOf(ids));
    }
}
