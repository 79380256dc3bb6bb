package dev.cardea.messaging.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ChannelPatternTest {
    private static boolean matches(String pattern, String channel) {
        return ChannelPattern.of(pattern).matches(channel);
    }

    @Test
    void aVariableIsOneSegment() {
        assertThat(matches("/users/:name", "/users/mary")).isTrue();
        assertThat(matches("/users/:name", "/users/mary/info")).isFalse();
        assertThat(matches("/users/:name", "/users")).isFalse();
        assertThat(matches("/users/:name", "/users/")).isFalse();
        assertThat(matches("/users/:name", "users/mary")).isFalse();
        assertThat(matches("/news/:type/:subtype", "/news/sport/football")).isTrue();
        assertThat(matches("/news/:type/:subtype", "/news/sport")).isFalse();
        assertThat(matches("/news/:type/:subtype", "/news//football")).isFalse();
    }

    @Test
    void aVariableMayEndASegment() {
        assertThat(matches("/personal/user_:user", "/personal/user_mary")).isTrue();
        assertThat(matches("/personal/user_:user", "/personal/user_")).isFalse();
        assertThat(matches("/personal/user_:user", "/personal/mary")).isFalse();
    }

    @Test
    void withoutVariablesItIsOneChannel() {
        assertThat(matches("/a/b", "/a/b")).isTrue();
        assertThat(matches("/a/b", "/a/bc")).isFalse();
        assertThat(matches("/a/b", "/a/b/")).isFalse();
        assertThat(matches("/a/b", "/a")).isFalse();
    }

    @Test
    void whatIsNoPatternIsRefused() {
        refused("users/:name", "doesn't begin with /");
        refused("/users//:name", "has an empty segment");
        refused("/users/", "has an empty segment");
        refused("/users/:", "has \":\"; expected a name behind the colon");
        refused("/users/:a:b", "has \":a:b\"; expected a name behind the colon");
        refused("/users/:a/:a", "has the variable a twice");
        refused("/users/*", "has a *; use a :variable");
        refused("/üser", "has other characters than those of ASCII");
    }

    private static void refused(String pattern, String why) {
        assertThatThrownBy(() -> ChannelPattern.of(pattern)).hasMessage(why);
    }

    @Test
    void twoPatternsConflictIfAChannelCouldBeOfBoth() {
        conflict("/a/:x", "/a/:y");
        conflict("/:x/b", "/a/:y");
        conflict("/a/u:x", "/a/:y");
        conflict("/a/u:x", "/a/u_:y");
        conflict("/a/b", "/a/b");
        fine("/a/:x", "/b/:x");
        fine("/a/:x", "/a/:x/c");
        fine("/a/:x", "/a/b"); // the one channel wins
        fine("/a/u:x", "/a/v:x");
        fine("/:x/bb", "/a/bb:y");
    }

    @Test
    void conflictsAreThoseThatMatchingShows() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        String[] segments = {"a", "b", ":x", "a:x", "ab:x"};
        String[] names = {"a", "b", "aa", "ab", "abb"};
        for (int i = 0; i < 20_000; i++) {
            String one = path(segments, random).replace(":x/", ":y/");
            String two = path(segments, random).replace(":x/", ":y/");
            String channel = path(names, random);
            ChannelPattern first = ChannelPattern.of(one);
            ChannelPattern second = ChannelPattern.of(two);
            boolean both = first.matches(channel) && second.matches(channel);
            if (!both || first.isStatic() || second.isStatic()) continue;
            assertThat(first.conflictsWith(second))
                    .as("seed %d: %s and %s have %s", seed, one, two, channel)
                    .isTrue();
        }
    }

    private static String path(String[] segments, SplittableRandom random) {
        return "/"
                + segments[random.nextInt(segments.length)]
                + "/"
                + segments[random.nextInt(segments.length)];
    }

    private static void conflict(String a, String b) {
        assertThat(ChannelPattern.of(a).conflictsWith(ChannelPattern.of(b))).isTrue();
        assertThat(ChannelPattern.of(b).conflictsWith(ChannelPattern.of(a))).isTrue();
    }

    private static void fine(String a, String b) {
        assertThat(ChannelPattern.of(a).conflictsWith(ChannelPattern.of(b))).isFalse();
        assertThat(ChannelPattern.of(b).conflictsWith(ChannelPattern.of(a))).isFalse();
    }
}
