package dev.cardea.messaging.peerjs;

import dev.cardea.wire.peerjs.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was said to peers that aren't there, bounded in number for each of them, in bytes for each
 * who speaks and in all, and in age.
 */
final class WaitingSignals {
    private record Waiting(Signal signal, long sinceNanos) {}

    /** Somebody spoke to a peer that didn't come. */
    record Unheard(String sender, String absent) {}

    private final RealmOptions options;
    private final Map<String, Deque<Waiting>> byAbsent = new LinkedHashMap<>();
    private final Map<String, Long> bytesBySender = new HashMap<>();
    private long bytes;
    private final AtomicInteger count = new AtomicInteger();

    WaitingSignals(RealmOptions options) {
        this.options = options;
    }

    boolean anyFor(String absent) {
        return byAbsent.containsKey(absent);
    }

    /** Returns false where there is no room for it. */
    boolean add(Signal signal, long nowNanos) {
        Deque<Waiting> queue = byAbsent.get(signal.dst());
        int size = signal.sizeBytes();
        long ofSender = bytesBySender.getOrDefault(signal.src(), 0L);
        boolean fits =
                (queue == null || queue.size() < options.waitingSignals())
                        && bytes + size <= options.waitingBytes()
                        && ofSender + size <= options.waitingBytesPerSender();
        if (!fits) return false;
        byAbsent.computeIfAbsent(signal.dst(), _ -> new ArrayDeque<>())
                .add(new Waiting(signal, nowNanos));
        bytesBySender.put(signal.src(), ofSender + size);
        bytes += size;
        count.incrementAndGet();
        return true;
    }

    /** All that waits for a peer, in the order in which it was said. */
    List<Signal> take(String absent) {
        Deque<Waiting> queue = byAbsent.remove(absent);
        if (queue == null) return List.of();
        List<Signal> signals = new ArrayList<>();
        for (Waiting each : queue) {
            signals.add(each.signal());
            gone(each.signal());
        }
        return signals;
    }

    /**
     * Drops what has waited for long enough, and with it what the same peer has said to the same
     * one since: it would be of no use.
     */
    Set<Unheard> expire(long nowNanos) {
        Set<Unheard> unheard = new LinkedHashSet<>();
        Iterator<Deque<Waiting>> queues = byAbsent.values().iterator();
        while (queues.hasNext()) {
            Deque<Waiting> queue = queues.next();
            if (nowNanos - queue.getFirst().sinceNanos() < options.expireNanos()) continue;
            Set<String> senders = new LinkedHashSet<>();
            for (Waiting each : queue) {
                if (nowNanos - each.sinceNanos() < options.expireNanos()) break;
                senders.add(each.signal().src());
            }
            queue.removeIf(each -> senders.contains(each.signal().src()) && expired(each, unheard));
            if (queue.isEmpty()) queues.remove();
        }
        return unheard;
    }

    private boolean expired(Waiting waiting, Set<Unheard> unheard) {
        Signal signal = waiting.signal();
        gone(signal);
        // nobody waits for an answer to a farewell
        if (signal.kind() != Signal.Kind.LEAVE)
            unheard.add(new Unheard(signal.src(), signal.dst()));
        return true;
    }

    private void gone(Signal signal) {
        int size = signal.sizeBytes();
        bytes -= size;
        count.decrementAndGet();
        bytesBySender.computeIfPresent(
                signal.src(), (_, sum) -> sum == size ? null : Long.valueOf(sum - size));
    }

    /** From any thread. */
    int count() {
        return count.get();
    }
}
