package dev.cardea.server.dev;

import dev.cardea.messaging.api.ApiRequest.Message;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.server.metrics.ServerStats;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.json.JsonWriter;
import java.util.Locale;

/** The JSON of the feeds. */
final class DemoMessages {
    private DemoMessages() {}

    static Message stats(ServerStats stats) {
        ByteWriter out = new ByteWriter();
        out.put('{');
        number("time", stats.timeMillis(), out);
        number("connections", stats.connections(), out);
        number("subscriptions", stats.subscriptions(), out);
        decimal("publications_per_second", Math.round(stats.publicationsPerSecond() * 10), 1, out);
        decimal("deliveries_per_second", Math.round(stats.deliveriesPerSecond() * 10), 1, out);
        number("pending_bytes", stats.pendingBytes(), out);
        JsonWriter.name(out, "lapped");
        out.put('{');
        for (SlowConsumer policy : SlowConsumer.values()) {
            number(
                    policy.name().toLowerCase(Locale.ROOT),
                    stats.lapped().getOrDefault(policy, 0L),
                    out);
        }
        out.put('}');
        number("heap_bytes", stats.heapBytes(), out);
        decimal("cpu", Math.round(stats.cpu() * 10_000), 4, out);
        out.put('}');
        return Message.of(out.toBytes());
    }

    static void number(String name, long value, ByteWriter out) {
        JsonWriter.name(out, name);
        out.putDecimal(value);
    }

    /**
     * @param value in units of the last decimal, not negative
     */
    static void decimal(String name, long value, int decimals, ByteWriter out) {
        JsonWriter.name(out, name);
        long unit = 1;
        for (int i = 0; i < decimals; i++) unit *= 10;
        out.putDecimal(value / unit).put('.');
        for (long digit = unit / 10; digit > 0; digit /= 10) {
            out.put((int) ('0' + value / digit % 10));
        }
    }
}
