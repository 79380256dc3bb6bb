package dev.cardea.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are none of WebTransport: the routes of HTTP/1.1, over HTTP/3. */
@Timeout(60)
class Http3RequestsTest {
    private static final long SOON_SECONDS = AttackedServer.SOON.toSeconds();

    private static AttackedServer server() throws Exception {
        return AttackedServer.start(
                """
                client: {insecure: true}
                http_server: {http3: {enabled: true, development_certificate: true}}
                health: {enabled: true}
                http_stream: {enabled: true}
                """);
    }

    private static String status(QuicPeer.Response response) throws Exception {
        return response.status.get(SOON_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void routesAnswer() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            assertThat(status(peer.request("GET", "/health", ""))).isEqualTo("200");
            assertThat(status(peer.request("GET", "/nothing", ""))).isEqualTo("404");
            assertThat(status(peer.request("DELETE", "/connection/http_stream", "")))
                    .isEqualTo("405");
            QuicPeer.Response missing = peer.request("GET", "/nothing", "");
            missing.await("not found");
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedAndTheConnectionGoesOn() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            String tooLong = "x".repeat(100_000);
            assertThat(status(peer.request("POST", "/connection/http_stream", tooLong)))
                    .isEqualTo("413");
            assertThat(status(peer.request("GET", "/health", ""))).isEqualTo("200");
        }
    }

    @Test
    void aResponseThatGoesOnCarriesWhatIsPublished() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            QuicPeer.Response stream =
                    peer.request(
                            "POST",
                            "/connection/http_stream",
                            """
                            {"id":1,"connect":{}}
                            {"id":2,"subscribe":{"channel":"news"}}
                            """);
            assertThat(status(stream)).isEqualTo("200");
            stream.await("\"subscribe\":{");
            stream.await("\"push\":{\"channel\":\"news\",\"pub\":"); // the bystander's
        }
    }
}
