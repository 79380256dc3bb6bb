package dev.cardea.server.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.net.NettyLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChallengesTest {
    private static String get(int port, String host, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(20_000);
            String request =
                    "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void theAuthorityFindsTheAnswerAsLongAsItIsExpected() throws Exception {
        try (NettyLoops loops = NettyLoops.start(1, 1 << 20);
                Challenges challenges =
                        Challenges.open(loops, "127.0.0.1", 0, List.of("a.example"))) {
            String path = "/.well-known/acme-challenge/token";
            assertThat(get(challenges.port(), "a.example", path)).startsWith("HTTP/1.1 404");
            challenges.expect("token", "token.thumbprint");
            assertThat(get(challenges.port(), "a.example", path))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("\r\n\r\ntoken.thumbprint");
            challenges.forget("token");
            assertThat(get(challenges.port(), "a.example", path)).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void whoeverElseComesIsSentToHttpsIfTheNameIsOurs() throws Exception {
        try (NettyLoops loops = NettyLoops.start(1, 1 << 20);
                Challenges challenges =
                        Challenges.open(loops, "127.0.0.1", 0, List.of("a.example"))) {
            assertThat(get(challenges.port(), "A.example:8080", "/x/%C3%A4?y=z"))
                    .startsWith("HTTP/1.1 308")
                    .containsIgnoringCase("\r\nLocation: https://a.example/x/%C3%A4?y=z\r\n");
            assertThat(get(challenges.port(), "elsewhere.example", "/")).startsWith("HTTP/1.1 404");
        }
    }
}
