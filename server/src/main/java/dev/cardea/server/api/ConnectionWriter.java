package dev.cardea.server.api;

import static dev.cardea.server.api.ApiWriter.number;
import static dev.cardea.server.api.ApiWriter.text;

import dev.cardea.messaging.session.ConnectionStatus;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.json.JsonWriter;
import java.util.List;

/** The connections of a page as JSON. */
final class ConnectionWriter {
    private ConnectionWriter() {}

    static void page(List<ConnectionStatus> connections, String next, ByteWriter out) {
        JsonWriter.name(out, "connections");
        out.put('[');
        for (ConnectionStatus each : connections) {
            JsonWriter.comma(out);
            connection(each, out);
        }
        out.put(']');
        if (!next.isEmpty()) text("next", next, out);
    }

    private static void connection(ConnectionStatus status, ByteWriter out) {
        out.put('{');
        text("client", status.client(), out);
        text("user", status.user(), out);
        text("transport", status.peer().transport(), out);
        text("protocol", status.peer().protocol(), out);
        text("name", status.name(), out);
        text("version", status.version(), out);
        number("age_ms", status.ageMillis(), out);
        number("lag", status.lag(), out);
        number("pending_bytes", status.pendingBytes(), out);
        number("oldest_pending_ms", status.oldestPendingMillis(), out);
        JsonWriter.name(out, "channels");
        out.put('{');
        for (ConnectionStatus.ChannelStatus each : status.channels()) {
            JsonWriter.anyName(out, each.channel());
            out.put('{');
            number("lag", each.lag(), out);
            number("oldest_pending_ms", each.oldestPendingMillis(), out);
            out.put('}');
        }
        out.put('}');
        out.put('}');
    }
}
