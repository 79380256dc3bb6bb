package dev.cardea.wire.mercure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The first line is a pattern, the rest a topic. */
class SelectorFuzzTest {
    private static final Url HUB =
            Objects.requireNonNull(Url.parse("https://hub.example.com/.well-known/mercure", null));

    @FuzzTest(maxDuration = "1m")
    void anyPatternIsRefusedOrMatchesInTime(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        int line = text.indexOf('\n');
        String pattern = line < 0 ? text : text.substring(0, line);
        Topic topic = new Topic(line < 0 ? text : text.substring(line + 1), HUB);
        boolean first = TopicSelector.topic(pattern).matches(topic);
        assertThat(TopicSelector.topic(pattern).matches(topic)).isEqualTo(first);
        if (topic.isReserved()) assertThat(topic.url()).isNotNull();
        try {
            TopicSelector.urlPattern(pattern, HUB).matches(topic);
        } catch (Malformed _) {
            assertThat(pattern).isNotEqualTo("*");
        }
    }
}
