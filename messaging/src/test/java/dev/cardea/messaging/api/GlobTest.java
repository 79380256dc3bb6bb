package dev.cardea.messaging.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Malformed;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "news news true",
                "news new false",
                "news newss false",
                "chat:* chat:1 true",
                "chat:* chat: true",
                "chat:* chats:1 false",
                "*:1 chat:1 true",
                "** chat:1 true",
                "a*b*c a-b-b-c true",
                "a*b*c a-c-b false",
                "chat:? chat:1 true",
                "chat:? chat:12 false",
                "chat:? chat:😀 true",
                "chat:[12] chat:2 true",
                "chat:[12] chat:3 false",
                "chat:[!12] chat:3 true",
                "chat:[!12] chat:2 false",
                "chat:[a-c5] chat:b true",
                "chat:[a-c5] chat:5 true",
                "chat:[a-c5] chat:d false",
                "[]] ] true",
                "[a-] - true",
                "{chat,news}:1 news:1 true",
                "{chat,news}:1 chat:1 true",
                "{chat,news}:1 new:1 false",
                "{a{b,c*},d}e acde true",
                "{a{b,c*},d}e ade false",
                "{,x}a a true",
                "chat:\\* chat:* true",
                "chat:\\* chat:1 false",
                "a,b} a,b} true",
            })
    void aNameMatchesOrNot(String pattern, String name, boolean matches) {
        assertThat(Glob.of(pattern).test(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[a", "[a-", "[!", "[b-a]", "{", "{a", "{a,", "{a,{b}", "\\", "["})
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> Glob.of(pattern)).isInstanceOf(Malformed.class);
    }

    @Test
    void aVeryLongPatternIsRefused() {
        assertThat(Glob.of("*".repeat(255)).test("news")).isTrue();
        assertThatThrownBy(() -> Glob.of("*".repeat(256))).isInstanceOf(Malformed.class);
    }

    @Test
    void aPatternThatIsAskedManyTimesForgetsWhatItSawBefore() {
        Glob glob = Glob.of("{a,b*}c");
        for (int i = 0; i < 1000; i++) {
            assertThat(glob.test("bbbc")).isTrue();
            assertThat(glob.test("acc")).isFalse();
            assertThat(glob.test("")).isFalse();
        }
    }

    @Test
    void noPatternIsSlow() {
        // Backtracking would take longer than anybody lives.
        String pattern = "{a,a}".repeat(30) + "*a".repeat(50) + "b";
        assertThat(Glob.of(pattern).test("a".repeat(255))).isFalse();
    }

    @Test
    void itDecidesAsARegularExpressionWould() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder glob = new StringBuilder();
            StringBuilder regex = new StringBuilder();
            write(random, 2, glob, regex);
            String name = name(random);
            assertThat(Glob.of(glob.toString()).test(name))
                    .as("seed %d: %s on %s", seed, glob, name)
                    .isEqualTo(Pattern.matches(regex.toString(), name));
        }
    }

    @Test
    void anyTextIsAPatternOrRefused() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        String letters = "ab*?[]{},!-\\\uD83D";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                Glob glob = Glob.of(text.toString());
                assertThat(glob.test("ab")).isEqualTo(glob.test("ab"));
            } catch (Malformed _) {
                // as good an answer
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
    }

    private static void write(
            SplittableRandom random, int depth, StringBuilder glob, StringBuilder regex) {
        for (int parts = random.nextInt(4); parts > 0; parts--) {
            switch (random.nextInt(depth > 0 ? 6 : 5)) {
                case 0 -> {
                    glob.append('*');
                    regex.append(".*");
                }
                case 1 -> {
                    glob.append('?');
                    regex.append('.');
                }
                case 2 -> {
                    glob.append("[!a]");
                    regex.append("[^a]");
                }
                case 3, 4 -> {
                    char c = (char) ('a' + random.nextInt(3));
                    glob.append(c);
                    regex.append(c);
                }
                default -> {
                    glob.append('{');
                    regex.append("(?:");
                    write(random, depth - 1, glob, regex);
                    glob.append(',');
                    regex.append('|');
                    write(random, depth - 1, glob, regex);
                    glob.append('}');
                    regex.append(')');
                }
            }
        }
    }

    private static String name(SplittableRandom random) {
        StringBuilder name = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            name.append((char) ('a' + random.nextInt(3)));
        }
        return name.toString();
    }
}
