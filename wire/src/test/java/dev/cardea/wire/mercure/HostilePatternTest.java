package dev.cardea.wire.mercure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.cardea.wire.Malformed;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Patterns that would keep an engine that goes back and tries again busy for years. */
class HostilePatternTest {
    private static final Url HUB =
            Objects.requireNonNull(Url.parse("https://hub.example.com/.well-known/mercure", null));
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void aTemplateOfManyVariablesIsGivenUpInTime() {
        TopicSelector bomb = TopicSelector.topic("{a}".repeat(1000) + "!");
        Topic topic = new Topic("a".repeat(4096), HUB);
        assertThat(assertTimeoutPreemptively(SOON, () -> bomb.matches(topic))).isFalse();
    }

    @Test
    void aTemplateThatIsTooLargeIsRefusedRatherThanTakenForATopic() {
        assertThatThrownBy(() -> TopicSelector.topic("{a:100}".repeat(100)))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aHundredThousandBracesAreATopic() {
        String braces = "{".repeat(100_000);
        assertThat(assertTimeoutPreemptively(SOON, () -> TopicSelector.topic(braces)).isPattern())
                .isFalse();
    }

    @Test
    void nestedRepetitionTakesNoLonger() {
        TopicSelector bomb = TopicSelector.urlPattern("/((?:a*)*(?:a*)*(?:a+)+b)", HUB);
        Topic topic = new Topic("/" + "a".repeat(4000), HUB);
        assertThat(assertTimeoutPreemptively(SOON, () -> bomb.matches(topic))).isFalse();
    }

    @Test
    void countsThatMultiplyAreRefused() {
        assertThatThrownBy(() -> TopicSelector.urlPattern("/((?:(?:a{100}){100}){100})", HUB))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aLongTopicIsMatchedByNoPattern() {
        String topic = "a".repeat(TopicSelector.MAX_TOPIC_CHARS + 1);
        assertThat(TopicSelector.topic("{a}").matches(new Topic(topic, HUB))).isFalse();
        assertThat(TopicSelector.topic("*").matches(new Topic(topic, HUB))).isTrue();
        assertThat(TopicSelector.topic(topic).matches(new Topic(topic, HUB))).isTrue();
    }

    @Test
    void groupsNestOnlySoDeep() {
        String deep = "/(" + "(?:".repeat(1000) + "a" + ")".repeat(1000) + ")";
        assertThatThrownBy(() -> TopicSelector.urlPattern(deep, HUB)).isInstanceOf(Malformed.class);
    }
}
