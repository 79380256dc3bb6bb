package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.json.JsonWriter;
import java.util.List;

/** What an allocation was when somebody asked; times are seconds. */
record AllocationView(
        String user,
        String client,
        String transport,
        List<String> relayed,
        List<String> permitted,
        int channels,
        long ageSeconds,
        long leftSeconds,
        TurnSums sums,
        String lastDrop) {
    private static final long NANOS = 1_000_000_000L;

    static AllocationView of(Allocation allocation, long nowNanos) {
        String drop = allocation.lastDrop();
        return new AllocationView(
                allocation.user(),
                allocation.client().address().toString(),
                allocation.client().transport(),
                allocation.relayedAddresses().stream().map(Object::toString).toList(),
                allocation.permitted().stream().map(Object::toString).toList(),
                allocation.channelCount(),
                (nowNanos - allocation.createdNanos()) / NANOS,
                (allocation.expiresNanos() - nowNanos) / NANOS,
                TurnSums.of(allocation),
                drop == null ? "" : drop);
    }

    void write(ByteWriter out) {
        JsonWriter.comma(out);
        out.put('{');
        text(out, "user", user);
        text(out, "client", client);
        text(out, "transport", transport);
        texts(out, "relayed", relayed);
        texts(out, "permitted", permitted);
        number(out, "channels", channels);
        number(out, "age", ageSeconds);
        number(out, "left", leftSeconds);
        number(out, "packets_to_peers", sums.packetsOut());
        number(out, "bytes_to_peers", sums.bytesOut());
        number(out, "packets_to_client", sums.packetsIn());
        number(out, "bytes_to_client", sums.bytesIn());
        number(out, "dropped", sums.dropped());
        if (!lastDrop.isEmpty()) text(out, "last_drop", lastDrop);
        out.put('}');
    }

    static void text(ByteWriter out, String name, String value) {
        JsonWriter.name(out, name);
        JsonWriter.string(out, value);
    }

    static void number(ByteWriter out, String name, long value) {
        JsonWriter.name(out, name);
        out.putDecimal(value);
    }

    static void texts(ByteWriter out, String name, List<String> values) {
        JsonWriter.name(out, name);
        out.put('[');
        for (String each : values) {
            JsonWriter.comma(out);
            JsonWriter.string(out, each);
        }
        out.put(']');
    }
}
