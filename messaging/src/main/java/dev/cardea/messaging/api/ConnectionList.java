package dev.cardea.messaging.api;

import dev.cardea.messaging.hub.Channel;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.session.ConnectionStatus;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Session;
import dev.cardea.messaging.session.Subscribers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * One page of the node's connections. Loops are asked in small portions, so that none is held up,
 * however many connections there are: that makes a page a picture of something that moves.
 */
final class ConnectionList {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1000;

    /** Readers of a channel that a loop is asked for at once. */
    private static final int PORTION = 1024;

    private static final Comparator<Session> BY_CLIENT = Comparator.comparing(Session::client);

    private final Node node;
    private final ApiRequest.Connections request;
    private final int limit;

    ConnectionList(Node node, ApiRequest.Connections request) {
        this.node = node;
        this.request = request;
        this.limit = request.limit() <= 0 ? DEFAULT_LIMIT : Math.min(request.limit(), MAX_LIMIT);
    }

    CompletionStage<ApiResponse> page() {
        return request.stalled()
                ? stalled().thenCompose(sessions -> describe(sessions, ""))
                : candidates().thenCompose(this::page);
    }

    /** The one more than fits tells that another page follows. */
    private CompletionStage<ApiResponse> page(Lowest lowest) {
        List<Session> sessions = lowest.inOrder();
        boolean goesOn = sessions.size() > limit;
        List<Session> fits = goesOn ? sessions.subList(0, limit) : sessions;
        return describe(fits, goesOn ? fits.getLast().client() : "");
    }

    private CompletionStage<Lowest> candidates() {
        Lowest lowest = new Lowest(limit + 1);
        if (!request.client().isEmpty()) {
            Session session = node.sessions().find(request.client());
            if (session != null) lowest.add(session);
        } else if (!request.user().isEmpty()) {
            node.sessions().of(request.user()).forEach(lowest::add);
        } else if (!request.channel().isEmpty()) {
            return subscribers(lowest);
        } else {
            node.sessions().forEach(lowest::add);
        }
        return CompletableFuture.completedFuture(lowest);
    }

    /** Those of the lowest client ids behind the request's, as many as are wanted. */
    private final class Lowest {
        private final int most;
        private final PriorityQueue<Session> highestFirst =
                new PriorityQueue<>(BY_CLIENT.reversed());

        Lowest(int most) {
            this.most = most;
        }

        synchronized void add(Session session) {
            if (session.client().compareTo(request.after()) <= 0) return;
            highestFirst.add(session);
            if (highestFirst.size() > most) highestFirst.remove();
        }

        synchronized List<Session> inOrder() {
            return highestFirst.stream().sorted(BY_CLIENT).toList();
        }
    }

    private CompletionStage<Lowest> subscribers(Lowest lowest) {
        Channel channel = node.hub().find(request.channel());
        if (channel == null) return CompletableFuture.completedFuture(lowest);
        List<CompletableFuture<?>> loops = new ArrayList<>();
        for (Shard shard : node.hub().shards()) loops.add(gather(channel, shard, 0, lowest));
        return CompletableFuture.allOf(loops.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ -> lowest);
    }

    private CompletableFuture<Boolean> gather(
            Channel channel, Shard shard, int from, Lowest lowest) {
        return on(shard, () -> Subscribers.of(channel, shard, from, PORTION))
                .thenCompose(found -> {
                    found.orElse(List.of()).forEach(lowest::add);
                    return found.orElse(List.of()).size() < PORTION
                            ? CompletableFuture.completedFuture(true)
                            : gather(channel, shard, from + PORTION, lowest);
                });
    }

    private CompletionStage<Collection<Session>> stalled() {
        List<CompletableFuture<Optional<List<Session>>>> loops = new ArrayList<>();
        for (Shard shard : node.hub().shards()) {
            loops.add(on(shard, () -> Subscribers.stalled(shard, limit)));
        }
        return CompletableFuture.allOf(loops.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ -> {
                    List<Session> all = new ArrayList<>();
                    for (var each : loops) all.addAll(each.resultNow().orElse(List.of()));
                    return all;
                });
    }

    private CompletionStage<ApiResponse> describe(Collection<Session> sessions, String next) {
        List<CompletableFuture<Optional<ConnectionStatus>>> each = new ArrayList<>();
        for (Session session : sessions) each.add(on(session.shard(), session::status));
        return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ ->
                        new ApiResponse.Connections(
                                each.stream()
                                        .map(CompletableFuture::resultNow)
                                        .flatMap(Optional::stream)
                                        .filter(this::isWanted)
                                        .limit(limit)
                                        .toList(),
                                next));
    }

    /** Who it is, and what it reads, is certain on its own loop only. */
    private boolean isWanted(ConnectionStatus status) {
        boolean isUsers = request.user().isEmpty() || status.user().equals(request.user());
        boolean isReader =
                request.channel().isEmpty()
                        || status.channels().stream()
                                .anyMatch(each -> each.channel().equals(request.channel()));
        return isUsers && isReader;
    }

    /** Empty if the loop has ended. */
    private static <T> CompletableFuture<Optional<T>> on(Shard shard, Supplier<T> task) {
        CompletableFuture<Optional<T>> done = new CompletableFuture<>();
        try {
            shard.loop()
                    .execute(() -> {
                        try {
                            done.complete(Optional.of(task.get()));
                        } catch (RuntimeException e) {
                            done.completeExceptionally(e);
                        }
                    });
        } catch (RejectedExecutionException _) {
            done.complete(Optional.empty());
        }
        return done;
    }
}
