package dev.cardea.server.mercure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.TestTls;
import dev.cardea.server.config.ConfigLoader;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over HTTP/2 a browser may have more than six streams: many tabs share one connection. */
@Timeout(60)
class ManyStreamsTest {
    @Test
    void thirtyStreamsOverOneConnectionHearTheSame() throws Exception {
        ConfigLoader loader =
                ConfigLoader.text(
                        "test.yaml",
                        """
                        client: {insecure: true}
                        mercure:
                          enabled: true
                          anonymous: true
                          publisher_jwt: {key: "%s"}
                        """
                                .formatted(RunningHub.PUBLISHER_KEY));
        TestTls.layOver(loader, "http_server.tls");
        loader.flag("test", "http_server.address", "127.0.0.1")
                .flag("test", "http_server.port", "0");
        try (CardeaServer server = CardeaServer.start(loader.load().config(), null);
                HttpClient client =
                        HttpClient.newBuilder().sslContext(TestTls.trustful()).build()) {
            String hub = "https://localhost:" + server.port() + RunningHub.PATH;
            List<InputStream> streams = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String query =
                        i % 2 == 0 ? "?topic=/books/%7Bid%7D" : "?match_urlpattern=/books/:id";
                HttpResponse<InputStream> response =
                        client.send(request(hub + query).build(), BodyHandlers.ofInputStream());
                assertThat(response.version()).isEqualTo(Version.HTTP_2);
                assertThat(response.statusCode()).isEqualTo(200);
                streams.add(response.body());
            }
            HttpRequest publish =
                    request(hub)
                            .header("Authorization", "Bearer " + RunningHub.PUBLISH_ZERO)
                            .POST(BodyPublishers.ofString("topic=/books/1&id=1&data=x"))
                            .build();
            assertThat(client.send(publish, BodyHandlers.ofString()).body()).isEqualTo("1");
            String expected = ":\nid: 1\ndata: x\n\n";
            for (InputStream stream : streams)
                assertThat(new String(stream.readNBytes(expected.length()), UTF_8))
                        .isEqualTo(expected);
            for (InputStream stream : streams) stream.close();
        }
    }

    private static HttpRequest.Builder request(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(20));
    }
}
