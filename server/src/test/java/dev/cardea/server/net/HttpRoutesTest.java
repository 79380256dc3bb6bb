package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRoutesTest {
    private final HttpRoutes routes =
            HttpRoutes.builder()
                    .under("/", (request, to) -> {})
                    .under("/a/", (request, to) -> {})
                    .under("/a/b/", (request, to) -> {})
                    .under("/a/b/d/", (request, to) -> {})
                    .get("/a/b/exact", (request, to) -> {})
                    .build();

    @ParameterizedTest
    @CsvSource({
        "/x, /",
        "/a, /",
        "/a/x, /a/",
        "/a/b, /a/",
        "/a/b/, /a/b/",
        "/a/b/c, /a/b/",
        "/a/b/d/x, /a/b/d/",
        "/a/b/e/x, /a/b/",
        "/a/c/x, /a/",
        "/z, /",
        "/a/b/exact, /a/b/exact"
    })
    void theLongestPrefixServesAPathUnlessItHasARouteOfItsOwn(String path, String servedBy) {
        assertThat(routes.match("GET", path)).isEqualTo(routes.match("GET", servedBy));
    }

    @Test
    void withoutAPrefixThereIsNothing() {
        assertThat(
                        HttpRoutes.builder()
                                .under("/a/", (request, to) -> {})
                                .build()
                                .match("GET", "/b"))
                .isEqualTo(new HttpRoutes.NotFound());
        assertThat(routes.match("GET", "*")).isEqualTo(new HttpRoutes.NotFound());
    }

    @Test
    void aRouteGivenTwiceIsAMistake() {
        HttpRoutes.Builder builder = HttpRoutes.builder().get("/a", (request, to) -> {});
        assertThatThrownBy(() -> builder.get("/a", (request, to) -> {})).hasMessageContaining("/a");
    }
}
