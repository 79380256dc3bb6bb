package dev.cardea.messaging.api;

import dev.cardea.messaging.api.ApiRequest.Audience;
import dev.cardea.messaging.api.ApiRequest.Message;
import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import dev.cardea.messaging.api.ApiResponse.ProcessUse;
import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.auth.Revocation;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.hub.Channel;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.messaging.session.Unsubscribed;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server API: what the application's backend may do. Thread safe; whoever calls it has been
 * found to be the backend.
 *
 * <p>A call is done when its stage is complete: a publication is in the log, a connection has been
 * told to end. {@code channels} and {@code info} look at every channel of the node in the caller's
 * thread.
 */
public final class ServerApi {
    /** A history reply ends with the publication that reaches this; the caller asks on from it. */
    static final int MAX_HISTORY_BYTES = 16 * 1024 * 1024;

    /** RFC 6455 section 7.4.2: what an application may close a WebSocket with. */
    private static final int FIRST_CLOSE_CODE = 3000;

    private static final int LAST_CLOSE_CODE = 4999;

    /** RFC 6455 section 5.5: a control frame has 125 bytes, of which two are the code. */
    private static final int MAX_REASON_BYTES = 123;

    private final Node node;
    private final ConnectionOrders orders;
    private final String name;
    private final Supplier<@Nullable ProcessUse> process;
    private final long startedMillis;
    private final OtherServers others;
    private final OtherConnections beside;

    /**
     * @param name of the node, for people
     * @param process what this process takes, null where it can't be told; called for each info
     */
    public ServerApi(Node node, String name, Supplier<@Nullable ProcessUse> process) {
        this(
                node,
                name,
                process,
                node.unixMillis().getAsLong(),
                OtherServers.NONE,
                OtherConnections.NONE);
    }

    private ServerApi(
            Node node,
            String name,
            Supplier<@Nullable ProcessUse> process,
            long startedMillis,
            OtherServers others,
            OtherConnections beside) {
        this.node = node;
        this.orders = new ConnectionOrders(node);
        this.name = name;
        this.process = process;
        this.startedMillis = startedMillis;
        this.others = others;
        this.beside = beside;
    }

    /** The same for all nodes: what concerns connections concerns those of the others, too. */
    public ServerApi with(OtherServers all) {
        return new ServerApi(node, name, process, startedMillis, all, beside);
    }

    /** The same for a node that has other connections beside its sessions. */
    public ServerApi with(OtherConnections connections) {
        return new ServerApi(node, name, process, startedMillis, others, connections);
    }

    /**
     * Carries out one call. Never completes exceptionally: a broker that fails is a refusal, and so
     * is a node that doesn't answer.
     */
    public CompletionStage<ApiResponse> call(ApiRequest request) {
        CompletionStage<ApiResponse> here = callHere(request);
        return CallEverywhere.isMeantFor(request)
                ? CallEverywhere.call(request, here, others)
                : here;
    }

    private CompletionStage<ApiResponse> callHere(ApiRequest request) {
        return switch (request) {
            case ApiRequest.Publish(String channel, Message message) ->
                    publish(channel, new Payload(message));
            case ApiRequest.Broadcast(List<String> channels, Message message) ->
                    broadcast(channels, message);
            case ApiRequest.History history -> history(history);
            case ApiRequest.HistoryRemove(String channel) -> removeHistory(channel);
            case ApiRequest.Presence(String channel) ->
                    withPresence(
                            channel,
                            () ->
                                    settled(
                                            node.broker().presence(channel),
                                            ApiResponse.Presence::new));
            case ApiRequest.PresenceStats(String channel) ->
                    withPresence(
                            channel,
                            () ->
                                    settled(
                                            node.broker().presenceStats(channel),
                                            stats ->
                                                    new ApiResponse.PresenceStats(
                                                            stats.numClients(), stats.numUsers())));
            case ApiRequest.Channels(String pattern) -> at(channels(pattern));
            case ApiRequest.Connections connections ->
                    new ConnectionList(node, connections)
                            .page()
                            .exceptionally(_ -> new Refused(Refusal.INTERNAL));
            case ApiRequest.Revoke(Revocation revocation) -> RevokeCall.call(node, revocation);
            case ApiRequest.Info() -> at(CallEverywhere.info(info(), others));
            case ApiRequest.Disconnect disconnect -> disconnect(disconnect);
            case ApiRequest.Refresh refresh -> refresh(refresh);
            case ApiRequest.Subscribe subscribe -> subscribe(subscribe);
            case ApiRequest.Unsubscribe(String channel, Audience audience) ->
                    in(
                            channel,
                            _ ->
                                    orders.give(
                                            audience,
                                            session ->
                                                    session.unsubscribe(
                                                            channel, Unsubscribed.SERVER)));
        };
    }

    private CompletionStage<ApiResponse> publish(String channel, Payload payload) {
        return in(
                channel,
                options -> {
                    if (!payload.isAccepted(options.publicationDataFormat())) {
                        return refused(Refusal.BAD_REQUEST);
                    }
                    return settled(
                            node.broker()
                                    .publish(
                                            channel,
                                            options,
                                            options.accepted(
                                                    payload.publication,
                                                    node.unixMillis().getAsLong()),
                                            payload.how),
                            published -> {
                                node.counters().published();
                                return new ApiResponse.Published(published.position());
                            });
                });
    }

    private CompletionStage<ApiResponse> broadcast(List<String> channels, Message message) {
        if (channels.isEmpty()) return refused(Refusal.BAD_REQUEST);
        Payload payload = new Payload(message);
        List<CompletableFuture<ApiResponse>> each = new ArrayList<>(channels.size());
        for (String channel : channels) each.add(publish(channel, payload).toCompletableFuture());
        return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ ->
                        new ApiResponse.Broadcast(
                                each.stream().map(CompletableFuture::resultNow).toList()));
    }

    private CompletionStage<ApiResponse> history(ApiRequest.History request) {
        StreamPosition since = request.since();
        return withHistory(
                request.channel(),
                options -> {
                    // What comes before the first publication? Centrifugo's brokers refuse it too.
                    if (request.reverse() && since != null && since.offset() == 0) {
                        return refused(Refusal.BAD_REQUEST);
                    }
                    int limit = request.limit() < 0 ? Integer.MAX_VALUE : request.limit();
                    HistoryQuery query =
                            new HistoryQuery(
                                    since == null ? 0 : since.offset(), limit, request.reverse());
                    return settled(
                            node.broker().history(request.channel(), options, query),
                            slice -> answer(since, slice));
                });
    }

    private static ApiResponse answer(@Nullable StreamPosition since, StreamSlice slice) {
        if (since != null
                && !since.epoch().isEmpty()
                && !since.epoch().equals(slice.top().epoch())) {
            return new Refused(Refusal.UNRECOVERABLE_POSITION);
        }
        return new ApiResponse.History(withinReply(slice.publications()), slice.top());
    }

    private static List<Publication> withinReply(List<Publication> all) {
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            bytes += all.get(i).data().length();
            if (bytes >= MAX_HISTORY_BYTES) return all.subList(0, i + 1);
        }
        return all;
    }

    private CompletionStage<ApiResponse> removeHistory(String channel) {
        return withHistory(
                channel,
                options ->
                        settled(
                                node.broker().removeHistory(channel, options),
                                _ -> new ApiResponse.Done()));
    }

    private ApiResponse channels(String pattern) {
        Predicate<String> wanted;
        try {
            wanted = pattern.isEmpty() ? _ -> true : Glob.of(pattern);
        } catch (Malformed _) {
            return new Refused(Refusal.BAD_REQUEST);
        }
        Map<String, Integer> subscribers = new HashMap<>();
        for (Channel channel : node.hub().channels()) {
            int count = channel.subscribers();
            if (count > 0 && !channel.isOwn() && wanted.test(channel.name()))
                subscribers.put(channel.name(), count);
        }
        return new ApiResponse.Channels(subscribers);
    }

    /** This node, as it is now. Looks at all its channels. */
    public NodeInfo info() {
        int channels = 0;
        for (Channel channel : node.hub().channels()) {
            if (channel.subscribers() > 0 && !channel.isOwn()) channels++;
        }
        return new NodeInfo(
                node.id(),
                name,
                node.version(),
                node.sessions().clients(),
                node.sessions().users(),
                channels,
                (int) node.counters().subscriptions(),
                Math.max(0, (node.unixMillis().getAsLong() - startedMillis) / 1000),
                process.get());
    }

    // ---- connections ----

    private CompletionStage<ApiResponse> subscribe(ApiRequest.Subscribe request) {
        String channel = request.channel();
        long expireAt = request.grant().expireAtSeconds();
        if (expireAt > 0 && expireAt * 1000 <= node.unixMillis().getAsLong())
            return refused(Refusal.BAD_REQUEST);
        return in(
                channel,
                _ ->
                        orders.carryOut(
                                request.audience(),
                                session ->
                                        session.subscribe(
                                                channel, request.grant(), request.since())));
    }

    private CompletionStage<ApiResponse> refresh(ApiRequest.Refresh request) {
        long expireAtSeconds = request.expireAtSeconds();
        return andBeside(
                request.audience(),
                orders.give(
                        request.audience(),
                        session -> {
                            if (request.expired()) session.disconnect(Disconnect.EXPIRED);
                            else session.refresh(expireAtSeconds, request.info());
                        }),
                user ->
                        request.expired()
                                ? beside.disconnect(user, Disconnect.EXPIRED)
                                : beside.refresh(user, lifetimeMillis(expireAtSeconds)));
    }

    private long lifetimeMillis(long expireAtSeconds) {
        if (expireAtSeconds <= 0) return 0;
        long endsMillis = TimeUnit.SECONDS.toMillis(expireAtSeconds);
        return Math.max(1, endsMillis - node.unixMillis().getAsLong());
    }

    /** What sessions have been told, others have that are the user's. */
    private static CompletionStage<ApiResponse> andBeside(
            Audience audience,
            CompletionStage<ApiResponse> sessions,
            Function<String, CompletionStage<?>> order) {
        if (!audience.isWholeUser()) return sessions;
        return sessions.thenCombine(
                order.apply(audience.user()), (ApiResponse response, Object _) -> response);
    }

    private CompletionStage<ApiResponse> disconnect(ApiRequest.Disconnect request) {
        Disconnect why = request.why() == null ? Disconnect.FORCE_NO_RECONNECT : request.why();
        if (!isSendable(why)) return refused(Refusal.BAD_REQUEST);
        return andBeside(
                request.audience(),
                orders.give(
                        request.audience(),
                        session -> {
                            if (!request.whitelist().contains(session.client()))
                                session.disconnect(why);
                        }),
                user -> beside.disconnect(user, why));
    }

    private static boolean isSendable(Disconnect why) {
        return why.code() >= FIRST_CLOSE_CODE
                && why.code() <= LAST_CLOSE_CODE
                && why.reason().getBytes(StandardCharsets.UTF_8).length <= MAX_REASON_BYTES;
    }

    // ---- channels ----

    private CompletionStage<ApiResponse> in(
            String channel, Function<ChannelOptions, CompletionStage<ApiResponse>> then) {
        if (channel.isEmpty() || channel.length() > node.options().channelMaxLength()) {
            return refused(Refusal.BAD_REQUEST);
        }
        ChannelOptions options = node.namespaces().of(channel);
        return options == null ? refused(Refusal.UNKNOWN_CHANNEL) : then.apply(options);
    }

    private CompletionStage<ApiResponse> withHistory(
            String channel, Function<ChannelOptions, CompletionStage<ApiResponse>> then) {
        return in(
                channel,
                options ->
                        options.log().hasHistory()
                                ? then.apply(options)
                                : refused(Refusal.NOT_AVAILABLE));
    }

    private CompletionStage<ApiResponse> withPresence(
            String channel, Supplier<CompletionStage<ApiResponse>> then) {
        return in(
                channel,
                options -> options.presence() ? then.get() : refused(Refusal.NOT_AVAILABLE));
    }

    private static <T extends @Nullable Object> CompletionStage<ApiResponse> settled(
            CompletionStage<T> stage, Function<T, ApiResponse> then) {
        return stage.thenApply(then).exceptionally(_ -> new Refused(Refusal.INTERNAL));
    }

    private static CompletionStage<ApiResponse> refused(Refusal why) {
        return at(new Refused(why));
    }

    private static CompletionStage<ApiResponse> at(ApiResponse response) {
        return CompletableFuture.completedFuture(response);
    }
}
