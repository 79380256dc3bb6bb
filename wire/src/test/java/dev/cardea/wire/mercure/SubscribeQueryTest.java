package dev.cardea.wire.mercure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Malformed;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeQueryTest {
    private static final Url HUB =
            Objects.requireNonNull(Url.parse("https://hub.example.com/.well-known/mercure", null));

    private static TopicSelector selector(TopicSelector.Kind kind, String text) {
        return switch (kind) {
            case TOPIC -> TopicSelector.topic(text);
            case EXACT -> TopicSelector.exact(text);
            case URL_PATTERN -> TopicSelector.urlPattern(text, HUB);
        };
    }

    private static SubscribeQuery read(String query) {
        return SubscribeQuery.read(query, SubscribeQueryTest::selector);
    }

    @Test
    void topicIsOfVersion0AndMayComeAgain() {
        SubscribeQuery query = read("topic=a&topic=%2Fb%2F%7Bid%7D&topic=a&other=1");
        assertThat(query.generation()).isEqualTo(Generation.ZERO);
        assertThat(query.selectors())
                .containsExactly(TopicSelector.topic("a"), TopicSelector.topic("/b/{id}"));
        assertThat(query.lastEventId()).isNull();
    }

    @Test
    void matchIsOfVersion1() {
        SubscribeQuery query = read("match=a&match_exact=b&match_urlpattern=/c/:id");
        assertThat(query.generation()).isEqualTo(Generation.ONE);
        assertThat(query.selectors())
                .containsExactly(
                        TopicSelector.exact("a"),
                        TopicSelector.exact("b"),
                        TopicSelector.urlPattern("/c/:id", HUB));
    }

    @Test
    void theLastEventIdHasThreeNamesAndTheHeaderWins() {
        for (String name : new String[] {"last_event_id", "lastEventID", "Last-Event-ID"}) {
            SubscribeQuery query = read("topic=a&" + name + "=7");
            assertThat(query.lastEventId()).isEqualTo("7");
            assertThat(query.withLastEventId("8").lastEventId()).isEqualTo("8");
            assertThat(query.withLastEventId(null).lastEventId()).isEqualTo("7");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "other=a",
                "match_uritemplate=a",
                "Match=a",
                "MATCH_EXACT=a",
                "matching=1&topic=a",
                "match=a%00",
                "topic=a%0A",
                "match=%E2%80%8B",
                "match=%FF",
                "match_urlpattern=%28",
            })
    void whatIsNotUnderstoodIsRefused(String query) {
        assertThatThrownBy(() -> read(query)).isInstanceOf(Malformed.class);
    }

    private static String times(String parameter, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> parameter + i)
                .collect(Collectors.joining("&"));
    }

    @Test
    void thereAreAThousandTopicsAndAHundredMatchersAtMost() {
        assertThat(read(times("topic=", 1000)).selectors()).hasSize(1000);
        assertThat(read(times("match=", 100)).selectors()).hasSize(100);
        assertThatThrownBy(() -> read(times("topic=", 1001))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read(times("match=", 101))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read(times("topic={a}", 101))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read(times("x", 1_000_000))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read("match=" + "a".repeat(4097))).isInstanceOf(Malformed.class);
    }

    @Test
    void aHundredPatternsMayBeAsLongAsUsualOnesAre() {
        String template = "topic=https://example.com/users/{user}/books/{book}?";
        assertThat(read(times(template, 100)).selectors()).hasSize(100);
        String pattern = "match_urlpattern=https://example.com/users/:user/books/:book/";
        assertThat(read(times(pattern, 100)).selectors()).hasSize(100);
        String large = "{a}".repeat(1000);
        assertThat(read("topic=" + large).selectors()).hasSize(1);
        assertThatThrownBy(() -> read(times("topic=" + large, 3))).isInstanceOf(Malformed.class);
        String counted = "match_urlpattern=/((?:a{1000}){1000})";
        assertThatThrownBy(() -> read(counted)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read(times("match_urlpattern=/([ab]{1000})", 20)))
                .isInstanceOf(Malformed.class);
    }
}
