package dev.cardea.messaging.peerjs;

import dev.cardea.wire.peerjs.Signal;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What happened since the start. Thread safe. */
public final class RealmCounters {
    private final Map<Refused, LongAdder> refused = new EnumMap<>(Refused.class);
    private final Map<Signal.Kind, LongAdder> delivered = new EnumMap<>(Signal.Kind.class);
    private final Map<Signal.Kind, LongAdder> passed = new EnumMap<>(Signal.Kind.class);
    private final LongAdder opened = new LongAdder();
    private final LongAdder takenOver = new LongAdder();
    private final LongAdder silent = new LongAdder();
    private final LongAdder stalled = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder disconnected = new LongAdder();

    public RealmCounters() {
        for (Refused each : Refused.values()) refused.put(each, new LongAdder());
        for (Signal.Kind each : Signal.Kind.values()) {
            delivered.put(each, new LongAdder());
            passed.put(each, new LongAdder());
        }
    }

    public LongAdder refused(Refused why) {
        return of(refused, why);
    }

    /** Signals that were written to peers of this node. */
    public LongAdder delivered(Signal.Kind kind) {
        return of(delivered, kind);
    }

    /** Signals that were given to other nodes. */
    public LongAdder passed(Signal.Kind kind) {
        return of(passed, kind);
    }

    private static <K> LongAdder of(Map<K, LongAdder> adders, K key) {
        LongAdder adder = adders.get(key);
        if (adder == null) throw new IllegalStateException("made for every key");
        return adder;
    }

    public LongAdder opened() {
        return opened;
    }

    /** Ids that came to a new connection of the same peer while the old one stood. */
    public LongAdder takenOver() {
        return takenOver;
    }

    /** Peers that were given up because nothing was heard of them. */
    public LongAdder silent() {
        return silent;
    }

    /** Peers that were given up because they took nothing. */
    public LongAdder stalled() {
        return stalled;
    }

    /** Peers that the application has disconnected. */
    public LongAdder disconnected() {
        return disconnected;
    }

    /** Senders that were told that a peer didn't come. */
    public LongAdder expired() {
        return expired;
    }
}
