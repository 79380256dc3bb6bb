package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.connect;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.centrifuge.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens that nobody should believe, brought to a server; the bystander must not notice. */
@Timeout(120)
final class BadTokensTest {
    private static AttackedServer server(String keys) throws Exception {
        return AttackedServer.start(
                "client: {insecure: true, token: {"
                        + keys
                        + "}}\n"
                        + "websocket: {message_size_limit: 2097152}\n");
    }

    @Test
    void aTokenThatIsNoneEndsItsConnectionForGood() throws Exception {
        String hs256 = "{\"alg\":\"HS256\"}";
        try (AttackedServer server =
                server("hmac_secret_key: a-secret-that-is-more-than-thirty-two-bytes-long")) {
            for (String bad :
                    new String[] {
                        "x",
                        "...",
                        Tokens.base64("{\"alg\":\"none\"}")
                                + "."
                                + Tokens.base64("{\"sub\":\"a\"}")
                                + ".",
                        Tokens.unsigned(hs256, "{\"sub\":\"a\"}"),
                        Tokens.unsigned("{\"alg\":\"RS256\"}", "{}"),
                        Tokens.unsigned("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", "{}"),
                        Tokens.unsigned("{\"alg\":\"HS256\",\"kid\":{}}", "{}"),
                        Tokens.unsigned("{\"a\":" + "[".repeat(10_000), "{}"),
                        Tokens.unsigned(hs256, "{\"info\":" + "[".repeat(30_000)),
                        Tokens.unsigned(hs256, "{\"sub\":\"" + "a".repeat(1_000_000) + "\"}"),
                        "a".repeat(1_000_000),
                        ".".repeat(1_000_000)
                    }) {
                try (CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
                    client.send(connect(bad));
                    assertThat(client.awaitEnd(SOON))
                            .as(bad.substring(0, Math.min(100, bad.length())))
                            .isEqualTo(new Incoming.Close(3500, "invalid token"));
                }
            }
        }
    }

    @Test
    void anIssuerThatHangsHoldsUpNobodyButThoseWhoNeedIt() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpServer issuer =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.setExecutor(threads);
        issuer.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    try (exchange) {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        issuer.start();
        String address = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys";
        try (AttackedServer server = server("jwks_public_endpoint: '" + address + "'")) {
            List<CentrifugeSocket> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                CentrifugeSocket client = CentrifugeSocket.json(server.open());
                client.send(
                        connect(
                                Tokens.unsigned(
                                        "{\"alg\":\"ES256\",\"kid\":\"k" + i + "\"}", "{}")));
                waiting.add(client);
            }
            server.connected().close(); // one without a token is let in meanwhile
            for (CentrifugeSocket client : waiting) {
                Reply.Error error = (Reply.Error) client.answer(1, SOON);
                assertThat(error.code()).isEqualTo(100);
                assertThat(error.temporary()).isTrue();
                client.close();
            }
            assertThat(requests.get()).isLessThan(5);
        } finally {
            end.countDown();
            issuer.stop(0);
            threads.shutdownNow();
        }
    }
}
