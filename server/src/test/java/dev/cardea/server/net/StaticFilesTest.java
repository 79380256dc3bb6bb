package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class StaticFilesTest {
    private static final Instant SOME_DAY = Instant.parse("2026-03-04T05:06:07.891Z");

    @TempDir Path outside;
    private Path root = Path.of("");
    private RunningServer server =
            new RunningServer(HttpRoutes.builder().build(), HttpLimits.DEFAULT);

    @BeforeEach
    void serve() throws Exception {
        server.close();
        root = Files.createDirectories(outside.resolve("www"));
        Files.writeString(root.resolve("index.html"), "<h1>home</h1>");
        Files.writeString(root.resolve("app.js"), "run()");
        Files.setLastModifiedTime(root.resolve("app.js"), FileTime.from(SOME_DAY));
        Files.createDirectories(root.resolve("deep/er"));
        Files.writeString(root.resolve("deep/er/index.html"), "deeper");
        Files.writeString(root.resolve(".hidden"), "secret");
        Files.createDirectories(root.resolve(".git"));
        Files.writeString(root.resolve(".git/config"), "secret");
        Files.writeString(outside.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(root.resolve("out.txt"), outside.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("up"), outside);
        Files.createSymbolicLink(root.resolve("dot.txt"), root.resolve(".hidden"));
        Files.createSymbolicLink(root.resolve("alias.js"), root.resolve("app.js"));
        Files.createDirectories(root.resolve("trap"));
        Files.createSymbolicLink(root.resolve("trap/index.html"), outside.resolve("secret.txt"));
        server =
                new RunningServer(
                        HttpRoutes.builder()
                                .under("/", new StaticFiles("/", root))
                                .under("/also/", new StaticFiles("/also/", root))
                                .build(),
                        HttpLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, <h1>home</h1>, text/html; charset=utf-8",
        "/index.html, <h1>home</h1>, text/html; charset=utf-8",
        "/app.js, run(), text/javascript; charset=utf-8",
        "/also/app.js?v=1, run(), text/javascript; charset=utf-8",
        "/%61pp.js, run(), text/javascript; charset=utf-8",
        "/alias.js, run(), text/javascript; charset=utf-8",
        "/deep/er/, deeper, text/html; charset=utf-8"
    })
    void filesAreServedWithTheirTypes(String path, String content, String type) throws Exception {
        assertThat(get(path, ""))
                .startsWith("HTTP/1.1 200")
                .contains("Content-Type: " + type + "\r\n")
                .contains("X-Content-Type-Options: nosniff\r\n")
                .endsWith("\r\n\r\n" + content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none",
                "/../secret.txt",
                "/%2e%2e/secret.txt",
                "/deep/../../secret.txt",
                "/..%2fsecret.txt",
                "/..%5csecret.txt",
                "/..\\secret.txt",
                "//app.js",
                "/./app.js",
                "/deep/../app.js",
                "/.hidden",
                "/.git/config",
                "/.git/",
                "/out.txt",
                "/up/secret.txt",
                "/up/",
                "/dot.txt",
                "/trap/",
                "/app.js/",
                "/app.js/x",
                "/deep/",
                "/also/../app.js",
                "//evil.example/..",
                "/a%2500"
            })
    void nothingElseIsServed(String path) throws Exception {
        assertThat(get(path, "")).startsWith("HTTP/1.1 404").doesNotContain("secret\r\n");
    }

    @Test
    void aDirectoryWithoutItsSlashIsElsewhere() throws Exception {
        assertThat(get("/deep/er", ""))
                .startsWith("HTTP/1.1 301")
                .contains("Location: /deep/er/\r\n");
    }

    @Test
    void aBrowserThatHasTheFileIsToldSo() throws Exception {
        String first = get("/app.js", "");
        assertThat(first).contains("Last-Modified: Wed, 04 Mar 2026 05:06:07 GMT\r\n");
        int at = first.indexOf("ETag: ") + 6;
        String etag = first.substring(at, first.indexOf("\r\n", at));
        assertThat(get("/app.js", "If-None-Match: \"x\", W/" + etag + "\r\n"))
                .startsWith("HTTP/1.1 304")
                .endsWith("\r\n\r\n");
        assertThat(get("/app.js", "If-None-Match: *\r\n")).startsWith("HTTP/1.1 304");
        assertThat(get("/app.js", "If-None-Match: \"x\"\r\n")).startsWith("HTTP/1.1 200");
        String sameDate = "If-Modified-Since: Wed, 04 Mar 2026 05:06:07 GMT\r\n";
        assertThat(get("/app.js", sameDate)).startsWith("HTTP/1.1 304");
        assertThat(get("/app.js", "If-None-Match: \"x\"\r\n" + sameDate))
                .startsWith("HTTP/1.1 200");
        assertThat(get("/app.js", "If-Modified-Since: Wed, 04 Mar 2026 05:06:06 GMT\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(get("/app.js", "If-Modified-Since: yesterday\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aChangedFileIsReadAgain() throws Exception {
        assertThat(get("/app.js", "")).endsWith("run()");
        Files.writeString(root.resolve("app.js"), "run(2)");
        assertThat(get("/app.js", "")).endsWith("run(2)");
        Files.delete(root.resolve("app.js"));
        assertThat(get("/app.js", "")).startsWith("HTTP/1.1 404");
    }

    private String get(String path, String headers) throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers);
            return raw.send("\r\n").rest();
        }
    }
}
