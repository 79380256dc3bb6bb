package dev.cardea.messaging.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.api.ApiRequest.Audience;
import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import dev.cardea.messaging.api.ApiResponse.ProcessUse;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Revocation;
import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Nodes of one process that hear each other at once, and time as a number. */
class ClusterTest {
    private final Map<String, Consumer<Bytes>> wire = new HashMap<>();
    private final List<String> done = new ArrayList<>();
    private long nowNanos = -5;

    private Cluster node(String id) {
        Control control =
                new Control() {
                    @Override
                    public void receive(Consumer<Bytes> receiver) {
                        wire.put(id, receiver);
                    }

                    @Override
                    public CompletionStage<Boolean> toAll(Bytes message) {
                        List.copyOf(wire.values()).forEach(each -> each.accept(message));
                        return CompletableFuture.completedStage(true);
                    }

                    @Override
                    public CompletionStage<Boolean> toNode(String node, Bytes message) {
                        Consumer<Bytes> receiver = wire.get(node);
                        if (receiver != null) receiver.accept(message);
                        return CompletableFuture.completedStage(receiver != null);
                    }
                };
        Cluster cluster =
                new Cluster(
                        id,
                        control,
                        () -> info(id),
                        request -> {
                            done.add(id + " " + request);
                            return CompletableFuture.completedStage(answer(id, request));
                        },
                        (session, commands) -> done.add(id + " " + session + commands.toUtf8()),
                        (from, what) -> done.add(id + " of " + from + " " + what.toUtf8()),
                        () -> nowNanos);
        cluster.start();
        return cluster;
    }

    private static NodeInfo info(String id) {
        return new NodeInfo(id, "name", "1", 1, 2, 3, 4, 5, new ProcessUse(12.5, 1L << 40));
    }

    private static ApiResponse answer(String id, ApiRequest request) {
        return request instanceof ApiRequest.Channels
                ? new ApiResponse.Channels(Map.of(id, 1))
                : new ApiResponse.Done();
    }

    private void pass(Duration time, Cluster... ticking) {
        for (long seconds = time.toSeconds(); seconds > 0; seconds--) {
            nowNanos += Duration.ofSeconds(1).toNanos();
            for (Cluster each : ticking) each.tick();
        }
    }

    @Test
    void nodesKnowEachOtherFromTheStartAndUntilTheyEndOrFallSilent() {
        Cluster a = node("a");
        Cluster b = node("b");
        Cluster c = node("c");
        assertThat(a.infos()).containsExactlyInAnyOrder(info("b"), info("c"));
        assertThat(c.infos()).hasSize(2);
        pass(Duration.ofMinutes(1), a, b, c);
        assertThat(a.infos()).hasSize(2);
        wire.remove("c");
        var _ = c.leave();
        assertThat(a.infos()).containsExactly(info("b"));
        pass(Duration.ofSeconds(11), a);
        assertThat(a.infos()).isEmpty();
    }

    @Test
    void whatIsAskedIsDoneByAllOthersOnce() {
        Cluster a = node("a");
        node("b");
        node("c");
        CompletionStage<List<ApiResponse>> asked = a.ask(new ApiRequest.Channels("*"));
        assertThat(asked.toCompletableFuture().join())
                .containsExactlyInAnyOrder(
                        new ApiResponse.Channels(Map.of("b", 1)),
                        new ApiResponse.Channels(Map.of("c", 1)));
        assertThat(done).hasSize(2);
    }

    @Test
    void aNodeThatDoesNotAnswerIsARefusal() {
        Cluster a = node("a");
        node("b");
        wire.remove("b");
        CompletableFuture<List<ApiResponse>> asked =
                a.ask(new ApiRequest.Channels("")).toCompletableFuture();
        assertThat(asked).isNotDone();
        pass(Duration.ofSeconds(3), a);
        assertThat(asked.join()).containsExactly(new ApiResponse.Refused(Refusal.INTERNAL));
    }

    @Test
    void whatAClientSaysIsPassedToTheNodeThatHasIt() {
        Cluster a = node("a");
        node("b");
        assertThat(a.emulate("b", "s", Bytes.utf8("{}")).toCompletableFuture().join()).isTrue();
        assertThat(done).containsExactly("b s{}");
        assertThat(a.emulate("x", "s", Bytes.EMPTY).toCompletableFuture().join()).isFalse();
    }

    @Test
    void whatARealmSaysIsHeardByThoseOfOtherNodes() {
        Cluster a = node("a");
        node("b");
        node("c");
        a.tellRealms(Bytes.utf8("x"));
        assertThat(done).containsExactlyInAnyOrder("b of a x", "c of a x");
        assertThat(a.tellRealm("c", Bytes.utf8("y")).toCompletableFuture().join()).isTrue();
        assertThat(done).hasSize(3).last().isEqualTo("c of a y");
        assertThat(a.tellRealm("d", Bytes.EMPTY).toCompletableFuture().join()).isFalse();
    }

    private static List<NodeMessage> messages() {
        Audience audience = new Audience("ann", "c", "s");
        SubscriptionGrant grant =
                new SubscriptionGrant(
                        Bytes.utf8("{}"),
                        Bytes.utf8("1"),
                        7,
                        new OptionOverride(true, false, null, true, null));
        List<ApiRequest> requests =
                List.of(
                        new ApiRequest.Disconnect(
                                audience, new Disconnect(4001, "ü"), Set.of("x", "y")),
                        new ApiRequest.Disconnect(audience, null, Set.of()),
                        new ApiRequest.Subscribe(
                                "ch", audience, grant, new StreamPosition(-1, "e")),
                        new ApiRequest.Subscribe("ch", audience, grant, null),
                        new ApiRequest.Unsubscribe("ch", audience),
                        new ApiRequest.Refresh(audience, true, 9, Bytes.utf8("[]")),
                        new ApiRequest.Revoke(new Revocation.OfToken("id", 1)),
                        new ApiRequest.Revoke(new Revocation.OfUser("u", "ch", 2, 3)),
                        new ApiRequest.Channels("a*"));
        List<NodeMessage> messages = new ArrayList<>();
        for (ApiRequest request : requests) messages.add(new NodeMessage.Ask("n", -2, request));
        messages.add(new NodeMessage.Alive(info("n")));
        messages.add(new NodeMessage.Gone("n"));
        messages.add(new NodeMessage.Emulate("s", Bytes.utf8("x")));
        messages.add(new NodeMessage.Realm("n", Bytes.utf8("x")));
        messages.add(new NodeMessage.Answer("n", 1, new ApiResponse.Done()));
        messages.add(new NodeMessage.Answer("n", 2, new ApiResponse.Channels(Map.of("c", 3))));
        messages.add(new NodeMessage.Answer("n", 3, new ApiResponse.Refused(Refusal.BAD_REQUEST)));
        return messages;
    }

    @Test
    void messagesAreReadAsTheyWereWritten() {
        for (NodeMessage message : messages())
            assertThat(NodeCodec.read(NodeCodec.write(message))).isEqualTo(message);
    }

    @Test
    void damagedMessagesAreMalformedAndNothingElse() {
        SplittableRandom random = new SplittableRandom(9);
        List<NodeMessage> messages = messages();
        for (int i = 0; i < 30_000; i++) {
            byte[] whole = NodeCodec.write(messages.get(i % messages.size())).toArray();
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 3));
            for (int j = random.nextInt(3); j > 0 && damaged.length > 0; j--)
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                assertThat(NodeCodec.read(Bytes.wrap(damaged))).isNotNull();
            } catch (Malformed _) {
                // as it should be
            }
        }
    }
}
