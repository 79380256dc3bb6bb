package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AllowedOriginsTest {
    private static final RequestHead HEAD =
            RequestHead.of("GET", "/", new DefaultHttpHeaders(), new InetSocketAddress(0));

    @Test
    void withoutPatternsNoneIsAllowed() {
        assertThat(allows("https://a.example")).isFalse();
        assertThat(allows("")).isFalse();
    }

    @Test
    void aPatternWithoutAStarIsTheWholeOriginInAnyCase() {
        assertThat(allows("HTTPS://A.example", "https://a.EXAMPLE")).isTrue();
        assertThat(allows("https://a.example.org", "https://a.example")).isFalse();
        assertThat(allows("https://a-example", "https://a.example")).isFalse();
    }

    @Test
    void aStarStandsForAnyCharactersOrNone() {
        assertThat(allows("null", "*")).isTrue();
        assertThat(allows("https://b.a.example", "https://*.a.example")).isTrue();
        assertThat(allows("https://.a.example", "https://*.a.example")).isTrue();
        assertThat(allows("https://a.example", "https://*.a.example")).isFalse();
        assertThat(allows("https://b.a.example.evil", "https://*.a.example")).isFalse();
        assertThat(allows("http://localhost:3000", "http://localhost:*")).isTrue();
    }

    @Test
    void piecesMustNotOverlap() {
        assertThat(allows("aba", "ab*ba")).isFalse();
        assertThat(allows("abba", "ab*ba")).isTrue();
        assertThat(allows("abcbc", "a*bc*bc")).isTrue();
        assertThat(allows("abc", "a*bc*bc")).isFalse();
    }

    @Test
    void itAgreesWithRegularExpressions() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            String pattern = random(random, "ab*", 8);
            String origin = random(random, "ab", 10);
            boolean expected = Pattern.matches(pattern.replace("*", ".*"), origin);
            assertThat(allows(origin, pattern))
                    .as("seed %d: %s on %s", seed, pattern, origin)
                    .isEqualTo(expected);
        }
    }

    private static String random(SplittableRandom random, String letters, int mostLength) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(mostLength + 1); length > 0; length--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    @Test
    @Timeout(10) // what tries again behind each star takes years
    void manyStarsAndALongOriginTakeNoTime() {
        AllowedOrigins origins = new AllowedOrigins(List.of("*a".repeat(50) + "*b"));
        String origin = "a".repeat(16_000);
        for (int i = 0; i < 1_000; i++) assertThat(origins.allows(origin, HEAD)).isFalse();
    }

    private static boolean allows(String origin, String... patterns) {
        return new AllowedOrigins(List.of(patterns)).allows(origin, HEAD);
    }
}
