package dev.cardea.server.mercure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscoveryTest {
    @TempDir private Path pages;

    private CardeaServer start(String mercure) throws Exception {
        Files.writeString(pages.resolve("index.html"), "<!doctype html>");
        Files.writeString(pages.resolve("script.js"), "");
        return CardeaServer.start(
                ConfigLoader.text("test.yaml", "client: {insecure: true}\nmercure: " + mercure)
                        .flag("test", "http_server.address", "127.0.0.1")
                        .flag("test", "http_server.port", "0")
                        .load()
                        .config(),
                pages);
    }

    private static HttpHeaders headers(CardeaServer server, String path, String... more)
            throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
            if (more.length > 0) request.headers(more);
            HttpResponse<Void> response = client.send(request.build(), BodyHandlers.discarding());
            assertThat(response.statusCode()).isEqualTo(more.length > 0 ? 304 : 200);
            return response.headers();
        }
    }

    @Test
    void pagesTellWhereTheHubIs() throws Exception {
        String keys = "anonymous: true, publisher_jwt: {key: %s}".formatted("k".repeat(32));
        String link = "</.well-known/mercure>; rel=\"mercure\"";
        try (CardeaServer server = start("{enabled: true, " + keys + "}")) {
            HttpHeaders page = headers(server, "/");
            assertThat(page.allValues("Link")).containsExactly(link);
            String tag = page.firstValue("ETag").orElse("");
            assertThat(headers(server, "/index.html", "If-None-Match", tag).allValues("Link"))
                    .containsExactly(link);
            assertThat(headers(server, "/script.js").allValues("Link")).isEmpty();
        }
        String url = "https://hub.example.com/.well-known/mercure";
        try (CardeaServer server = start("{enabled: true, url: \"" + url + "\", " + keys + "}")) {
            assertThat(headers(server, "/").allValues("Link"))
                    .containsExactly("<" + url + ">; rel=\"mercure\"");
        }
        try (CardeaServer server = start("{enabled: false}")) {
            assertThat(headers(server, "/").allValues("Link")).isEmpty();
        }
    }
}
