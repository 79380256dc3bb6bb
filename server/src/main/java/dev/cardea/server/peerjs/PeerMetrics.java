package dev.cardea.server.peerjs;

import dev.cardea.messaging.peerjs.RealmCounters;
import dev.cardea.messaging.peerjs.Refused;
import dev.cardea.wire.peerjs.Signal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * Signaling's numbers, described in {@code docs/signaling.md}. Labels are of a few fixed values.
 */
final class PeerMetrics {
    private PeerMetrics() {}

    static void add(MeterRegistry registry, RealmLoop realm) {
        RealmCounters counters = realm.counters();
        Gauge.builder("cardea_peerjs_peers", realm, RealmLoop::count)
                .description("Peers that have their ids on this node")
                .register(registry);
        Gauge.builder("cardea_peerjs_waiting_signals", realm, RealmLoop::waitingCount)
                .description("Signals that wait for peers that aren't there")
                .register(registry);
        count(registry, "opened", "Peers that got their ids", counters.opened());
        count(
                registry,
                "taken_over",
                "Ids that went to a new connection of the same peer",
                counters.takenOver());
        count(registry, "silent", "Peers of which nothing was heard", counters.silent());
        count(registry, "stalled", "Peers that took nothing", counters.stalled());
        count(
                registry,
                "expired",
                "Senders that were told that a peer didn't come",
                counters.expired());
        count(
                registry,
                "disconnected",
                "Peers that the application has disconnected",
                counters.disconnected());
        for (Refused each : Refused.values())
            count(
                    registry,
                    "refused",
                    "Peers that were refused or cut off",
                    counters.refused(each),
                    "why",
                    each.name().toLowerCase(Locale.ROOT));
        for (Signal.Kind each : Signal.Kind.values()) {
            String kind = each.name().toLowerCase(Locale.ROOT);
            String meaning = "Signals passed on, to a peer here or to its node";
            count(
                    registry,
                    "signals",
                    meaning,
                    counters.delivered(each),
                    "type",
                    kind,
                    "to",
                    "peer");
            count(registry, "signals", meaning, counters.passed(each), "type", kind, "to", "node");
        }
    }

    private static void count(
            MeterRegistry registry,
            String name,
            String meaning,
            LongAdder value,
            String... labels) {
        FunctionCounter.builder("cardea_peerjs_" + name, value, LongAdder::sum)
                .description(meaning)
                .tags(labels)
                .register(registry);
    }
}
