package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that ask for the WebSocket's own pings, by {@code cf_ws_frame_ping_pong}. */
class NativePingTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String CONFIG =
            """
            http_server: {address: 127.0.0.1, port: 0}
            client:
              allow_anonymous_connect_without_token: true
              ping_interval: 300ms
              pong_timeout: 200ms
            """;

    private CardeaServer server;

    @BeforeEach
    void start() throws Exception {
        server = CardeaServer.start(ConfigLoader.text("c.yaml", CONFIG).load().config(), null);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private RawWebSocket connect(String query) throws Exception {
        RawWebSocket socket =
                RawWebSocket.to("127.0.0.1", server.port())
                        .path("/connection/websocket" + query)
                        .connect(SOON);
        socket.text("{\"id\":1,\"connect\":{}}");
        return socket;
    }

    @Test
    void theServerPingsWithFramesAndTheProtocolKnowsNothingOfIt() throws Exception {
        try (RawWebSocket socket = connect("?cf_ws_frame_ping_pong=true")) {
            Incoming reply = socket.next(SOON);
            assertThat(((Incoming.Text) reply).text())
                    .contains("\"client\":")
                    .doesNotContain("ping");
            for (int i = 0; i < 4; i++) {
                assertThat(socket.next(SOON)).isInstanceOf(Incoming.Ping.class);
                socket.pong(new byte[0]);
                socket.pong(new byte[] {1}); // one that nobody asked for is none of our business
            }
        }
    }

    @Test
    void whoDoesNotAnswerFramesIsDisconnected() throws Exception {
        try (RawWebSocket socket = connect("?cf_ws_frame_ping_pong=true")) {
            assertThat(socket.next(SOON)).isInstanceOf(Incoming.Text.class);
            assertThat(socket.next(SOON)).isInstanceOf(Incoming.Ping.class);
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Close(3012, "no pong"));
        }
    }

    @Test
    void othersArePingedByTheProtocol() throws Exception {
        try (RawWebSocket socket = connect("")) {
            assertThat(((Incoming.Text) socket.next(SOON)).text()).contains("\"pong\":true");
            assertThat(((Incoming.Text) socket.next(SOON)).text()).isEqualTo("{}");
        }
    }
}
