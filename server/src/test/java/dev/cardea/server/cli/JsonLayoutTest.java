package dev.cardea.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

final class JsonLayoutTest {
    private static String line(Throwable thrown, KeyValuePair... pairs) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event =
                new LoggingEvent("", context.getLogger("a"), Level.WARN, "started", thrown, null);
        event.setTimeStamp(1_700_000_000_123L);
        event.setKeyValuePairs(List.of(pairs));
        return new JsonLayout().doLayout(event);
    }

    @Test
    void anEventIsOneObjectInOneLine() throws Exception {
        String line =
                line(
                        new IllegalStateException("two\nlines"),
                        new KeyValuePair("port", 8000),
                        new KeyValuePair("why", "a \"quoted\"\n\u0001 text \u00e4"));
        assertThat(line).endsWith("}\n");
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.get("time").asText()).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(json.get("level").asText()).isEqualTo("warn");
        assertThat(json.get("event").asText()).isEqualTo("started");
        assertThat(json.get("port").isInt()).isTrue();
        assertThat(json.get("why").asText()).isEqualTo("a \"quoted\"\n\u0001 text \u00e4");
        assertThat(json.get("stack").asText()).contains("IllegalStateException: two\nlines");
    }
}
