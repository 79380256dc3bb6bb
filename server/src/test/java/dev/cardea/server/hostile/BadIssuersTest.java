package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
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

    private BadEndpoint issuer;

    @BeforeEach
    void start() throws IOException {
        issuer = new BadEndpoint();
    }

    @AfterEach
    void stop() {
        issuer.close();
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
        String address = issuer.answers(200, BadEndpoint.ENDLESS);
        Memory memory = new Memory();
        leavesEverybodyToComeBack(address);
        assertThat(issuer.requests()).isLessThan(5);
        // a set may have 256 KiB; the rest is what the sockets' buffers take
        assertThat(issuer.writtenBytes()).isLessThan(16L << 20);
        assertThat(memory.grownBytes()).isLessThan(8L << 20);
    }

    @Test
    void anIssuerThatAnswersSomethingElseIsAsIfItWereGone() throws Exception {
        for (String body :
                new String[] {"", "<html>", "{}", "{\"keys\":{}}", "[".repeat(200_000)}) {
            leavesEverybodyToComeBack(issuer.answers(200, BadEndpoint.text(body)));
        }
        for (int status : new int[] {302, 404, 500}) {
            leavesEverybodyToComeBack(issuer.answers(status, BadEndpoint.text("")));
        }
    }
}
