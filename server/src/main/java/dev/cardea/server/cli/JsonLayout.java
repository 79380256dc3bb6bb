package dev.cardea.server.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object for each event, in one line: the same fields as {@link KeyValueLayout} writes,
 * and {@code stack} where there is a stack trace. Numbers and truth values stay what they are.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        Instant time = Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS);
        add(line.append('{'), "time", time.toString());
        add(line, "level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        add(line, "event", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) add(line, pair.key, pair.value);
        }
        if (event.getThrowableProxy() != null) {
            add(line, "stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        line.setCharAt(line.length() - 1, '}');
        return line.append('\n').toString();
    }

    private static void add(StringBuilder line, String key, Object value) {
        line.append(quoted(key)).append(':');
        boolean isBare =
                value instanceof Long || value instanceof Integer || value instanceof Boolean;
        line.append(isBare ? value : quoted(String.valueOf(value))).append(',');
    }

    private static String quoted(String text) {
        ByteWriter out = new ByteWriter(text.length() + 16);
        JsonWriter.string(out, text);
        return new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
    }
}
