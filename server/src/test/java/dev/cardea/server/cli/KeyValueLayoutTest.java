package dev.cardea.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

final class KeyValueLayoutTest {
    private static String line(
            String message, @Nullable Throwable thrown, @Nullable Object... pairs) {
        LoggingEvent event =
                new LoggingEvent(
                        "", new LoggerContext().getLogger("x"), Level.WARN, message, thrown, null);
        event.setTimeStamp(1_700_000_000_123L);
        for (int i = 0; i < pairs.length; i += 2) {
            event.addKeyValuePair(new KeyValuePair(String.valueOf(pairs[i]), pairs[i + 1]));
        }
        return new KeyValueLayout().doLayout(event);
    }

    @Test
    void anEventIsOneLineOfPairs() {
        assertThat(line("started", null, "port", 8000, "who", null))
                .isEqualTo(
                        "time=2023-11-14T22:13:20.123Z level=warn event=started port=8000"
                                + " who=null\n");
    }

    @Test
    void whatHasSpacesOrQuotesIsQuoted() {
        assertThat(line("two words", null, "empty", "", "quote", "a\"b\\c", "pair", "a=b"))
                .endsWith("event=\"two words\" empty=\"\" quote=\"a\\\"b\\\\c\" pair=\"a=b\"\n");
    }

    @Test
    void aValueCannotBeginALineOfItsOwn() {
        assertThat(line("x", null, "user", "a\nlevel=error\r\u2028\u001b[31m"))
                .endsWith(" user=\"a\\nlevel=error\\r\\u2028\\u001b[31m\"\n");
    }

    @Test
    void aStackTraceIsIndented() {
        assertThat(line("x", new IllegalStateException("broken"), "a", 1))
                .contains(" a=1\n    java.lang.IllegalStateException: broken\n    at ");
    }
}
