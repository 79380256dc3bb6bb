package dev.cardea.testkit.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.hub.ChannelOptions.Permissions;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the tests of server-side subscriptions have in common. */
final class ServerSide {
    private ServerSide() {}

    static SimulatedNode node(Setup setup) {
        return node(setup, new ClientSettings());
    }

    static SimulatedNode node(Setup setup, ClientSettings client) {
        return setup.node()
                .client(client)
                .channels(ChannelSettings.of("").permissions(Permissions.NONE))
                .channels(ChannelSettings.of("open").history(10, Duration.ofMinutes(5)))
                .channels(
                        ChannelSettings.of("stream")
                                .permissions(Permissions.NONE)
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery())
                .channels(
                        ChannelSettings.of("cache")
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery()
                                .autoCacheRecover())
                .channels(
                        ChannelSettings.of("smallstream")
                                .window(4, 1 << 20)
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery())
                .channels(ChannelSettings.of("room").presence().joinLeave().forcePushJoinLeave())
                .start();
    }

    static SubscriptionGrant grant(String data, long expireAtSeconds) {
        return new SubscriptionGrant(
                Bytes.EMPTY, Bytes.utf8(data), expireAtSeconds, OptionOverride.NOTHING);
    }

    /** Anna's token, with these subscriptions. */
    static void token(SimulatedNode node, Map<String, SubscriptionGrant> subscriptions) {
        node.authenticator()
                .token(
                        "anna",
                        new Verdict.Granted<>(
                                new Credentials(
                                        "anna",
                                        Bytes.EMPTY,
                                        0,
                                        Bytes.EMPTY,
                                        Bytes.utf8("{\"hello\":1}"),
                                        subscriptions)));
    }

    static void plainToken(SimulatedNode node, String... channels) {
        Map<String, SubscriptionGrant> subscriptions = new HashMap<>();
        for (String channel : channels) subscriptions.put(channel, SubscriptionGrant.PLAIN);
        token(node, subscriptions);
    }

    static ScriptedClient anna(Setup setup, SimulatedNode node) {
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("anna");
        return anna;
    }

    static ConnectResult connect(
            ScriptedClient client, String token, SubscribeRequest... requests) {
        Reply.Answer answer = client.ask(id -> command(id, token, requests));
        if (answer instanceof Reply.Connect(int _, ConnectResult result)) return result;
        throw new AssertionError("not connected: " + answer);
    }

    static SubscribeResult sub(ConnectResult connected, String channel) {
        return Objects.requireNonNull(connected.subs().get(channel), channel);
    }

    static Command command(int id, String token, SubscribeRequest... requests) {
        Map<String, SubscribeRequest> subs = new HashMap<>();
        for (SubscribeRequest request : requests) subs.put(request.channel(), request);
        return new Command.Connect(id, token, Bytes.EMPTY, subs, "", "", Map.of(), 0);
    }

    static Optional<Refusal> subscribe(
            SimulatedNode node,
            ScriptedClient client,
            String channel,
            SubscriptionGrant grant,
            @Nullable StreamPosition since) {
        CompletableFuture<Optional<Refusal>> done = new CompletableFuture<>();
        client.onSession(
                session -> session.subscribe(channel, grant, since).thenAccept(done::complete));
        Optional<Refusal> refusal = node.await(done);
        node.simulation().run();
        return refusal;
    }

    static Optional<Refusal> subscribe(SimulatedNode node, ScriptedClient client, String channel) {
        return subscribe(node, client, channel, SubscriptionGrant.PLAIN, null);
    }

    // ---- from the start ----

    static StreamPosition top(SimulatedNode node, String channel) {
        return node.await(node.broker().history(channel, node.options(channel), HistoryQuery.TOP))
                .top();
    }
}
