package dev.cardea.server.proxy;

import dev.cardea.messaging.session.Durations;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Calls of backends, by what was asked and the proxy's name. Thread safe, without contention. */
public final class ProxyCounters {
    private final Map<String, Calls> calls = new ConcurrentHashMap<>();
    private final LongAdder droppedNotices = new LongAdder();

    /** Those of one proxy. */
    public static final class Calls {
        private final String kind;
        private final String name;
        private final Durations durations = new Durations();
        private final LongAdder underWay = new LongAdder();
        private final Map<BackendFailure.Reason, LongAdder> failures =
                new EnumMap<>(BackendFailure.Reason.class);

        private Calls(ProxyKind kind, String name) {
            this.kind = kind.label();
            this.name = name;
            for (BackendFailure.Reason reason : BackendFailure.Reason.values()) {
                failures.put(reason, new LongAdder());
            }
        }

        void began() {
            underWay.increment();
        }

        void ended(long tookNanos) {
            underWay.decrement();
            durations.add(tookNanos);
        }

        void failed(BackendFailure.Reason reason) {
            LongAdder count = failures.get(reason);
            if (count != null) count.increment();
        }

        public String kind() {
            return kind;
        }

        public String name() {
            return name;
        }

        /** What calls took that were answered or failed, the wait for their turn included. */
        public Durations durations() {
            return durations;
        }

        /** Calls that haven't ended yet. */
        public long underWay() {
            return underWay.sum();
        }

        /** By what went wrong. */
        public long failures(String reason) {
            for (Map.Entry<BackendFailure.Reason, LongAdder> each : failures.entrySet()) {
                if (each.getKey().label().equals(reason)) return each.getValue().sum();
            }
            return 0;
        }

        /** Everything that can go wrong. */
        public Collection<String> reasons() {
            return failures.keySet().stream().map(BackendFailure.Reason::label).toList();
        }
    }

    /** Those of the proxy, from now on if there were none. */
    public Calls of(ProxyKind kind, String name) {
        return calls.computeIfAbsent(kind.label() + " " + name, _ -> new Calls(kind, name));
    }

    void noticeDropped() {
        droppedNotices.increment();
    }

    /** Of every proxy that is configured. */
    public Collection<Calls> all() {
        return calls.values();
    }

    /** Disconnect notices that were given up. */
    public long droppedNotices() {
        return droppedNotices.sum();
    }
}
