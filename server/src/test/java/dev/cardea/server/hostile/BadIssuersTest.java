package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.connect;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An address of keys that is gone, or from which something else comes. Whoever needs a key of it is
 * told to come back; all others, with tokens or without, are let in. For one that hangs see {@link
 * BadTokensTest}.
 */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
final class BadIssuersTest {
    private static final int CLIENTS = 30;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private HttpServer issuer;

    private interface Body {
        void write(OutputStream out) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.setExecutor(threads);
        issuer.start();
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
        threads.shutdownNow();
    }

    private String answers(int status, Body body) {
        issuer.createContext(
                "/keys",
                exchange -> {
                    requests.incrementAndGet();
                    try (exchange) {
                        exchange.getResponseHeaders().add("Location", "/elsewhere");
                        exchange.sendResponseHeaders(status, 0);
                        body.write(exchange.getResponseBody());
                    }
                });
        return "http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys";
    }

    private static void leavesEverybodyToComeBack(String address) throws Exception {
        String yaml = "client: {insecure: true, token: {jwks_public_endpoint: '" + address + "'}}";
        try (AttackedServer server = AttackedServer.start(yaml)) {
            for (int i = 0; i < CLIENTS; i++) {
                String header = "{\"alg\":\"ES256\",\"kid\":\"k" + i % 3 + "\"}";
                try (CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
                    client.send(connect(Tokens.unsigned(header, "{\"sub\":\"alice\"}")));
                    assertThat(client.answer(1, SOON))
                            .isEqualTo(new Reply.Error(1, 100, "internal server error", true));
                }
            }
            server.connected().close();
        }
    }

    @Test
    void anIssuerThatIsGoneIsNobodysEnd() throws Exception {
        leavesEverybodyToComeBack("http://127.0.0.1:1/keys");
    }

    @Test
    void anIssuerThatSendsAGigabyteIsReadNoFurtherThanASetMayBeLong() throws Exception {
        byte[] much = "[".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
        String address =
                answers(
                        200,
                        out -> {
                            for (int i = 0; i < 16_384; i++) {
                                out.write(much);
                                written.addAndGet(much.length);
                            }
                        });
        Memory memory = new Memory();
        leavesEverybodyToComeBack(address);
        assertThat(requests.get()).isLessThan(5);
        // a set may have 256 KiB; the rest is what the sockets' buffers take
        assertThat(written.get()).isLessThan(16L << 20);
        assertThat(memory.grownBytes()).isLessThan(8L << 20);
    }

    @Test
    void anIssuerThatAnswersSomethingElseIsAsIfItWereGone() throws Exception {
        for (String body :
                new String[] {"", "<html>", "{}", "{\"keys\":{}}", "[".repeat(200_000)}) {
            String address = answers(200, out -> out.write(body.getBytes(StandardCharsets.UTF_8)));
            leavesEverybodyToComeBack(address);
            issuer.removeContext("/keys");
        }
        for (int status : new int[] {302, 404, 500}) {
            String address = answers(status, _ -> {});
            leavesEverybodyToComeBack(address);
            issuer.removeContext("/keys");
        }
    }
}
