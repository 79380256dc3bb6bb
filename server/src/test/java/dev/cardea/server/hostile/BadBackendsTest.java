package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An application's backend that hangs, never ends or says nonsense, while many clients call it:
 * each is told, and those who don't need it notice nothing.
 */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
final class BadBackendsTest {
    private static final int CLIENTS = 20;

    private final CountDownLatch hanging = new CountDownLatch(1);
    private BadEndpoint backend;

    @BeforeEach
    void start() throws IOException {
        backend = new BadEndpoint();
    }

    @AfterEach
    void stop() {
        hanging.countDown();
        backend.close();
    }

    private static void failsForAllWhoCall(String endpoint) throws Exception {
        String yaml =
                """
                client: {insecure: true}
                rpc:
                  without_namespace: {proxy_enabled: true}
                  proxy: {endpoint: ENDPOINT, timeout: 700ms, circuit_breaker: {failures: 0}}
                """;
        try (AttackedServer server = AttackedServer.start(yaml.replace("ENDPOINT", endpoint))) {
            List<CentrifugeSocket> callers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) callers.add(server.connected());
            for (CentrifugeSocket caller : callers)
                caller.send(new Command.Rpc(2, "a", Bytes.utf8("{}")));
            for (CentrifugeSocket caller : callers) {
                assertThat(caller.answer(2, SOON))
                        .isEqualTo(new Reply.Error(2, 100, "internal server error", true));
                caller.close();
            }
        }
    }

    @Test
    void oneThatHangsHoldsUpNobodyElse() throws Exception {
        String endpoint =
                backend.answers(
                        200,
                        (_, _) -> {
                            try {
                                hanging.await();
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
        failsForAllWhoCall(endpoint);
        assertThat(backend.requests()).isEqualTo(CLIENTS);
    }

    @Test
    void oneThatSendsAGigabyteIsReadNoFurtherThanAnAnswerMayBeLong() throws Exception {
        Memory memory = new Memory();
        failsForAllWhoCall(backend.answers(200, BadEndpoint.ENDLESS));
        assertThat(backend.requests()).isEqualTo(CLIENTS);
        // an answer may have 1 MiB; the rest is what the sockets' buffers take
        assertThat(backend.writtenBytes()).isLessThan(CLIENTS * (8L << 20));
        assertThat(memory.grownBytes()).isLessThan(16L << 20);
    }

    @Test
    void oneThatSaysNonsenseIsAsIfItHadFailed() throws Exception {
        for (String body : new String[] {"", "<html>", "[]", "{\"result\":1}", "[".repeat(200_000)})
            failsForAllWhoCall(backend.answers(200, BadEndpoint.text(body)));
        for (int status : new int[] {302, 404, 500})
            failsForAllWhoCall(backend.answers(status, BadEndpoint.text("{}")));
    }
}
