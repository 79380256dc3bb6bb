package dev.cardea.messaging.api;

import dev.cardea.messaging.api.ApiRequest.Audience;
import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.MemoryRevocations;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.EmbeddedBroker;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.ChannelOptions.Permissions;
import dev.cardea.messaging.hub.ChannelOptions.PublicationDataFormat;
import dev.cardea.messaging.hub.ChannelOptions.RecoveryMode;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.messaging.log.LogOptions;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.session.ClientOptions;
import dev.cardea.messaging.session.Counters;
import dev.cardea.messaging.session.Namespaces;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Sessions;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * A node on one loop in the test's thread. Channels without a namespace have neither history nor
 * presence, those of {@code chat} have both, {@code json} and {@code binary} are about payloads.
 */
final class TestNode {
    static final Audience ALICE = new Audience("alice", "", "");
    private static final LogOptions LIVE = new LogOptions(0, 0, 64, 1 << 20);
    private static final LogOptions KEPT = new LogOptions(10_000, Long.MAX_VALUE / 2, 64, 1 << 20);

    final DirectLoop loop = new DirectLoop();
    final Hub hub = new Hub(_ -> new MemoryBudget(1L << 30), () -> "epoch", 1000);
    final Node node;
    final ServerApi api;
    long unixMillis = 1_000_000;
    private int clients;

    TestNode() {
        this(broker -> broker);
    }

    TestNode(UnaryOperator<Broker> between) {
        hub.setShards(List.of(loop.shard()));
        node =
                new Node(
                        "node-uid",
                        "1.2.3",
                        clientOptions(),
                        new Namespaces(
                                channels("", LIVE, false, PublicationDataFormat.ANY),
                                Map.of(
                                        "chat",
                                        channels("chat", KEPT, true, PublicationDataFormat.ANY),
                                        "json",
                                        channels("json", LIVE, false, PublicationDataFormat.JSON),
                                        "binary",
                                        channels(
                                                "binary",
                                                LIVE,
                                                false,
                                                PublicationDataFormat.BINARY))),
                        hub,
                        between.apply(new EmbeddedBroker(hub, Long.MAX_VALUE / 2, () -> 0)),
                        new AnyUser(),
                        new MemoryRevocations(3, () -> 1000),
                        Hooks.NONE,
                        RateLimits.NONE,
                        new Sessions(),
                        new Counters(),
                        () -> unixMillis,
                        () -> "client-" + ++clients,
                        new SplittableRandom(1));
        api = new ServerApi(node, "here", () -> null);
    }

    ApiResponse call(ApiRequest request) {
        CompletableFuture<ApiResponse> done = api.call(request).toCompletableFuture();
        if (!done.isDone()) throw new AssertionError("not done: " + request);
        return done.join();
    }

    ApiResponse publish(String channel, String data) {
        return call(new ApiRequest.Publish(channel, ApiRequest.Message.of(Bytes.utf8(data))));
    }

    /** A connection of the user, subscribed to the channels. */
    TestClient connect(String user, String... channels) {
        return new TestClient(node, loop.shard(), user, channels);
    }

    private static ChannelOptions channels(
            String name, LogOptions log, boolean presence, PublicationDataFormat format) {
        return new ChannelOptions(
                name,
                log,
                Long.MAX_VALUE / 2,
                presence,
                false,
                false,
                0,
                false,
                true,
                false,
                true,
                RecoveryMode.STREAM,
                false,
                Permissions.ALL,
                format,
                false,
                _ -> true,
                SlowConsumer.RECOVER,
                null,
                ChannelOptions.Bandwidth.PLAIN);
    }

    private static ClientOptions clientOptions() {
        long never = Long.MAX_VALUE / 4;
        return new ClientOptions(
                false,
                never,
                never,
                never,
                never,
                never,
                128,
                255,
                1 << 20,
                never,
                0,
                300,
                300,
                0,
                false,
                never,
                never,
                65_536,
                65_536,
                ClientOptions.PersonalChannel.NONE);
    }

    /** The token is the user's name; none is anonymous. */
    private static final class AnyUser implements Authenticator {
        @Override
        public CompletionStage<Verdict<Credentials>> connect(
                String client, Peer peer, Command.Connect command) {
            return refresh(command.token());
        }

        @Override
        public CompletionStage<Verdict<Credentials>> refresh(String token) {
            return CompletableFuture.completedFuture(
                    new Verdict.Granted<>(new Credentials(token, Bytes.EMPTY, 0)));
        }

        @Override
        public CompletionStage<Verdict<SubscriptionGrant>> subscribe(
                String token, String channel, String user, String client) {
            return CompletableFuture.completedFuture(new Verdict.Missing<>());
        }
    }
}
