package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.session.OtherNodes;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Two nodes, and a client whose requests come to the wrong one. */
class EmulationEndpointTest {
    private final EmulatedSessions here = new EmulatedSessions();
    private final EmulatedSessions there = new EmulatedSessions();
    private final EmulationEndpoint endpoint = new EmulationEndpoint("here", here, this::passOn);
    private CompletionStage<Boolean> fate = CompletableFuture.completedStage(true);

    private CompletionStage<Boolean> passOn(String node, String session, Bytes commands) {
        if (!node.equals("there")) return OtherNodes.NONE.emulate(node, session, commands);
        there.receive(session, commands);
        return fate;
    }

    @Test
    void whatIsSaidOnOneNodeReachesTheSessionOnAnother() {
        ScriptedClient client =
                SimulatedNode.in(Simulation.seeded(1))
                        .start()
                        .client(SimulatedEncoding.JSON)
                        .connected();
        client.onSession(there::add);
        assertThat(ask("there", client.session().sessionId())).isEqualTo(204);
        assertThat(client.answer(9)).isNotNull();
        client.onSession(there::remove);
        assertThat(ask("there", client.session().sessionId())).isEqualTo(204);
        assertThat(client.heard()).hasSize(2);
    }

    @Test
    void aNodeThatNobodyKnowsIsNotFound() {
        assertThat(ask("nowhere", "session")).isEqualTo(404);
        assertThat(ask("", "session")).isEqualTo(404);
    }

    @Test
    void aNodeThatCannotBeReachedIsTheServersFault() {
        fate = CompletableFuture.failedStage(new IllegalStateException("cut"));
        assertThat(ask("there", "session")).isEqualTo(503);
    }

    private int ask(String node, String session) {
        List<Response> responses = new ArrayList<>();
        String body =
                "{\"node\":\"%s\",\"session\":\"%s\",\"data\":\"{\\\"id\\\":9,\\\"history\\\":{\\\"channel\\\":\\\"c\\\"}}\"}"
                        .formatted(node, session);
        RequestHead head =
                new RequestHead(
                        "POST",
                        "/emulation",
                        Map.of(),
                        new DefaultHttpHeaders(),
                        InetSocketAddress.createUnresolved("client", 1));
        endpoint.serve(new Request(head, Bytes.utf8(body)), new Recorded(responses));
        return responses.getFirst().status();
    }

    private record Recorded(List<Response> responses) implements StreamResponder {
        @Override
        public void respond(Response response) {
            responses.add(response);
        }

        @Override
        public void stream(Response head, StreamSource source) {
            throw new AssertionError("a stream");
        }
    }
}
