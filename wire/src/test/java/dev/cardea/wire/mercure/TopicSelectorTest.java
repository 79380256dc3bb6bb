package dev.cardea.wire.mercure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Malformed;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicSelectorTest {
    private static final Url HUB = url("https://hub.example.com/.well-known/mercure");

    private static Url url(String text) {
        return Objects.requireNonNull(Url.parse(text, null));
    }

    private static boolean template(String template, String topic) {
        return TopicSelector.topic(template).matches(new Topic(topic, HUB));
    }

    private static boolean pattern(String pattern, String topic) {
        return TopicSelector.urlPattern(pattern, HUB).matches(new Topic(topic, HUB));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://example.com/books/{id}     | https://example.com/books/1       | true",
                "https://example.com/books/{id}     | https://example.com/books/        | true",
                "https://example.com/books/{id}     | https://example.com/books/1/2     | false",
                "https://example.com/books/{id}     | https://example.com/books/a%2Fb   | true",
                "https://example.com/books/{id}     | https://example.com/books/a%2     | false",
                "https://example.com/books/{id}     | https://example.com/books/{id}    | true",
                "https://example.com/books/{id}     | https://example.com/books/é       | false",
                "https://example.com/{+path}        | https://example.com/a/b?c#d       | true",
                "https://example.com/{+path}        | http://example.com/a              | false",
                "/a{/b}                             | /a                                | true",
                "/a{/b}                             | /a/x                              | true",
                "/a{/b}                             | /a/x/y                            | false",
                "/a{/b,c}                           | /a/x/y                            | true",
                "/a{/b*}                            | /a/x/y/z                          | true",
                "/a{?q}                             | /a?q=1                            | true",
                "/a{?q}                             | /a                                | true",
                "/a{?q,r}                           | /a?q=1&r=2                        | true",
                "/a{#f}                             | /a#x                              | true",
                "/a{.ext}                           | /a.json                           | true",
                "/a{;p}                             | /a;p=1                            | true",
                "{a:3}                              | abc                               | true",
                "{a:3}                              | abcd                              | false",
                "{a,b}                              | x,y                               | true",
                "a{b                                | a{b                               | true",
                "a{b                                | a                                 | false",
                "{=a}                               | x                                 | false",
                "{a b}                              | x                                 | false",
                "*                                  | anything at all                   | true",
            })
    void aTopicOf0xIsItselfOrAUriTemplate(String selector, String topic, boolean matches) {
        assertThat(template(selector, topic)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://example.com/books/:id     | https://example.com/books/1       | true",
                "https://example.com/books/:id     | https://EXAMPLE.com/books/1       | true",
                "https://example.com/books/:id     | https://example.com/Books/1       | false",
                "https://example.com/books/:id     | https://example.com/books/        | false",
                "https://example.com/books/:id     | https://example.com/books/1/2     | false",
                "https://example.com/books/:id     | https://example.com:443/books/1   | true",
                "https://example.com/books/:id     | https://example.com:8443/books/1  | false",
                "https://example.com/books/:id     | https://example.com/books/1?x=y#z | true",
                "https://example.com/books/:id     | https://example.com/books/:id     | true",
                "https://example.com/books/:id?    | https://example.com/books         | true",
                "https://example.com/books/*       | https://example.com/books/a/b     | true",
                "https://example.com/books/*       | https://example.com/x/../books/a  | true",
                "https://example.com/:a/:b?        | https://example.com/x             | true",
                "https://example.com/:a+           | https://example.com/x/y/z         | true",
                "https://example.com/:a+           | https://example.com/              | false",
                "https://example.com/:a*           | https://example.com               | false",
                "https://example.com{/:a}*         | https://example.com/x/y           | true",
                "https://example.com/(\\d+)        | https://example.com/12            | true",
                "https://example.com/(\\d+)        | https://example.com/x             | false",
                "https://example.com/n:id(\\d{2})  | https://example.com/n12           | true",
                "https://*.example.com/*           | https://a.b.example.com/          | true",
                "https://:sub.example.com/*        | https://a.b.example.com/          | false",
                "http{s}?://example.com/*          | http://example.com/x              | true",
                "https://example.com:*/x           | https://example.com:8443/x        | true",
                "https://example.com/a b           | https://example.com/a%20b         | true",
                "https://example.com/x?q=:v        | https://example.com/x?q=1         | true",
                "https://example.com/x\\?q=:v      | https://example.com/x?q=1         | true",
                "/.well-known/:x                   | /.well-known/mercure              | true",
                "/.well-known/:x                   | https://hub.example.com/.well-known/y | true",
                "/.well-known/:x                   | https://other.example.com/.well-known/y | false",
                "books/:id                         | books/1                           | true",
                "?q=:v                             | ?q=1                              | true",
                "*://*/x                           | https://example.com/x             | true",
                "*                                 | no url at all                     | true",
                "https://example.com/:id           | plain                             | false",
                "data\\:foobar                     | data:foobar                       | true",
                "urn\\:book\\:*                    | urn:book:1                        | true",
            })
    void aMatcherOf10IsAUrlPattern(String selector, String topic, boolean matches) {
        assertThat(pattern(selector, topic)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/(", "https://example.com/{", "/:", "/(?=a)", "/(a", "/((b))",
                "/([)", "/(a{2,1})", "/(\\1)", "/}", "/(a{2000})", "/(^a)"
            })
    void aBrokenUrlPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> TopicSelector.urlPattern(pattern, HUB))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aGroupMayHaveAlternatives() {
        assertThat(pattern("https://example.com/(a|bc)", "https://example.com/bc")).isTrue();
        assertThat(pattern("https://example.com/(a|bc)", "https://example.com/b")).isFalse();
    }

    @Test
    void whatWasSaidOfOneTopicIsNotSaidOfAnotherWithTheSameHash() {
        assertThat("Aa").hasSameHashCodeAs("BB");
        TopicSelector template = TopicSelector.topic("A{x}");
        for (int i = 0; i < 3; i++) {
            assertThat(template.matches(new Topic("Aa", HUB))).isTrue();
            assertThat(template.matches(new Topic("BB", HUB))).isFalse();
        }
    }

    @Test
    void exactIsByteForByte() {
        TopicSelector exact = TopicSelector.exact("https://example.com/{id}");
        assertThat(exact.matches(new Topic("https://example.com/{id}", HUB))).isTrue();
        assertThat(exact.matches(new Topic("https://example.com/1", HUB))).isFalse();
        assertThat(exact.matches(new Topic("https://EXAMPLE.com/{id}", HUB))).isFalse();
        assertThat(TopicSelector.exact("*").matches(new Topic("x", HUB))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/mercure",
                "/.well-known/mercure/subscriptions",
                "/.well-known/%6Dercure/x",
                "/.well-known/mercure/../mercure/x",
                "/a/..//../.well-known/mercure",
                "/.well-known/x/%2e%2E/mercure",
                "https://anywhere.example/.well-known/mercure/subscriptions/a",
                "mercure",
                " /.well-known/mercure",
                "\\.well-known\\mercure",
                "urn:/.well-known/mercure",
            })
    void theHubsOwnTopicsAreKnownHoweverTheyAreWritten(String topic) {
        assertThat(new Topic(topic, HUB).isReserved()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/mercures",
                "https://example.com/",
                "chat",
                "urn:uuid:1",
                "http://[",
                "/.well-known%2Fmercure"
            })
    void othersTopicsAreNot(String topic) {
        assertThat(new Topic(topic, HUB).isReserved()).isFalse();
    }
}
