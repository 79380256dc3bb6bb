package dev.cardea.testkit.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CentrifugeSocketTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final ScriptedServer server;
    private final CentrifugeSocket socket;

    CentrifugeSocketTest() throws Exception {
        server = new ScriptedServer();
        RawWebSocket raw = server.accept(RawWebSocket.to("127.0.0.1", server.port()));
        socket = CentrifugeSocket.json(raw);
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        server.close();
    }

    @Test
    void commandsGoOutInOneFrame() throws Exception {
        socket.send(new Command.Rpc(1, "a", Bytes.utf8("{}")), new Command.Ping(2));
        assertThat(server.readText())
                .isEqualTo(
                        """
                        {"id":1,"rpc":{"data":{},"method":"a"}}
                        {"id":2,"ping":{}}
                        """);
    }

    @Test
    void repliesOfOneFrameAreReadOneByOne() throws Exception {
        server.text(
                """
                {"id":1,"rpc":{"data":{"x":1}}}
                {"id":2,"error":{"code":104,"message":"method not found"}}
                """);
        assertThat(socket.next(SOON)).isEqualTo(new Reply.Rpc(1, Bytes.utf8("{\"x\":1}")));
        assertThat(socket.answer(2, SOON)).isInstanceOf(Reply.Error.class);
        assertThat(socket.seen()).hasSize(2);
    }

    @Test
    void pingsAreAnsweredUnlessTheScriptSaysNo() throws Exception {
        server.text("{}");
        assertThat(socket.next(SOON)).isEqualTo(new Reply.Ping());
        assertThat(server.readText()).isEqualToIgnoringNewLines("{}");
        socket.answersPings(false);
        server.text("{}");
        socket.await(Reply.Ping.class, SOON);
        socket.send(new Command.Ping(3));
        assertThat(server.readText()).contains("3");
    }

    @Test
    void waitingInVainListsWhatCame() throws Exception {
        server.text("{}");
        assertThatThrownBy(() -> socket.answer(7, Duration.ofMillis(100)))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("Ping");
    }

    @Test
    void theEndSaysHow() throws Exception {
        server.text("{}");
        server.closeFrame(3501, "bad request");
        assertThat(socket.awaitEnd(SOON)).isEqualTo(new Incoming.Close(3501, "bad request"));
    }
}
