package dev.cardea.server.api;

import dev.cardea.messaging.api.ServerApi;
import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.MemoryRevocations;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.broker.EmbeddedBroker;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.session.Counters;
import dev.cardea.messaging.session.Namespaces;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Sessions;
import dev.cardea.server.config.HttpApiConfig;
import dev.cardea.server.net.ClientDoor;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.HttpLimits;
import dev.cardea.server.net.HttpPipeline;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.Listener;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.trace.Traces;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * A node behind HTTP and WebSocket on a port of its own, with the routes under test. Channels
 * without a namespace have neither history nor presence, those of {@code chat} have both; every
 * epoch is {@code epoch}.
 */
public final class ApiServer implements AutoCloseable {
    public static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofHours(1);
    public static final String KEY = "a-secret";

    static final More NOTHING_MORE = (_, _, _, _) -> {};

    /** Routes beside those of the API. */
    public interface More {
        void add(HttpRoutes.Builder routes, Node node, ApiCounters counters, NettyLoops loops);
    }

    public final Node node;
    public final ApiCounters counters = new ApiCounters();
    private final NettyLoops loops = NettyLoops.start(2, 1 << 30);
    private final Listener listener;
    private final HttpClient http = HttpClient.newHttpClient();

    public static ApiServer withKey() throws IOException {
        return with(NOTHING_MORE);
    }

    public static ApiServer with(More more) throws IOException {
        return new ApiServer(config("/api", KEY, HttpApiConfig.ErrorMode.UNSET, false), more);
    }

    static HttpApiConfig config(
            String prefix, String key, HttpApiConfig.ErrorMode errorMode, boolean insecure) {
        return new HttpApiConfig(false, prefix, key, errorMode, false, insecure);
    }

    ApiServer(HttpApiConfig config, More more) throws IOException {
        Hub hub = new Hub(_ -> new MemoryBudget(1 << 28), () -> "epoch", 1000);
        hub.setShards(loops.all().stream().map(NettyLoop::shard).toList());
        node =
                new Node(
                        "node-uid",
                        "1.2.3",
                        new ClientSettings().pingInterval(LONG).build(),
                        new Namespaces(
                                channels(""),
                                Map.of("chat", kept("chat"), "stats", channels("stats"))),
                        hub,
                        new EmbeddedBroker(hub, SOON.toNanos() * 1000, System::nanoTime),
                        new AnyUser(),
                        new MemoryRevocations(100, () -> System.currentTimeMillis() / 1000),
                        Hooks.NONE,
                        RateLimits.NONE,
                        new Sessions(),
                        new Counters(),
                        System::currentTimeMillis,
                        () -> UUID.randomUUID().toString(),
                        RandomGenerator.getDefault());
        HttpRoutes.Builder routes =
                HttpRoutes.builder()
                        .upgrade(
                                CentrifugeSocket.PATH,
                                new ClientDoor(
                                        loops,
                                        node,
                                        65_536,
                                        new ConnectionLimits(0, node.limits()),
                                        KeptHeaders.NONE,
                                        null));
        ApiRoutes.add(
                routes, new ServerApi(node, "here", () -> null), config, counters, Traces.NONE);
        more.add(routes, node, counters, loops);
        listener =
                Listener.bind(
                        loops,
                        "127.0.0.1",
                        0,
                        new HttpPipeline(routes.build(), HttpLimits.DEFAULT));
        loops.startTimers();
    }

    /** Posts with the key; fails unless the status is 200. */
    public String post(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(path, body).header("X-API-Key", KEY));
        if (response.statusCode() != 200) throw new AssertionError(response + response.body());
        return response.body();
    }

    public HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
                .timeout(SOON)
                .POST(BodyPublishers.ofString(body));
    }

    public HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** The body of a page that is there. */
    public String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(path, "").GET());
        if (response.statusCode() != 200) throw new AssertionError(response + response.body());
        return response.body();
    }

    public int port() {
        return listener.port();
    }

    /** A connection of the user, subscribed to the channels. */
    public CentrifugeSocket connect(String user, String... channels) throws IOException {
        CentrifugeSocket socket = CentrifugeSocket.connectJson("127.0.0.1", listener.port(), SOON);
        socket.send(new Command.Connect(1, user, Bytes.EMPTY, Map.of(), "", "", Map.of(), 0));
        if (!(socket.answer(1, SOON) instanceof Reply.Connect)) throw new AssertionError(user);
        int id = 1;
        for (String channel : channels) {
            socket.send(new Command.Subscribe(++id, SubscribeRequest.to(channel)));
            if (!(socket.answer(id, SOON) instanceof Reply.Subscribe)) {
                throw new AssertionError(channel);
            }
        }
        return socket;
    }

    @Override
    public void close() {
        http.close();
        listener.close();
        loops.close();
    }

    private static ChannelOptions channels(String name) {
        return ChannelSettings.of(name).window(64, 1 << 20).names(_ -> true).build();
    }

    private static ChannelOptions kept(String name) {
        return ChannelSettings.of(name)
                .window(64, 1 << 20)
                .names(_ -> true)
                .history(100, LONG)
                .historyMetaTtl(LONG)
                .presence()
                .allowPositioning()
                .allowRecovery()
                .build();
    }

    /** The token is the user's name. */
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
