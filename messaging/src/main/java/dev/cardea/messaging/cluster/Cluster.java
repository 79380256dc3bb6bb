package dev.cardea.messaging.cluster;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import dev.cardea.messaging.api.OtherServers;
import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.session.OtherNodes;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The other nodes that share the broker: who they are, what they are asked, and what they ask.
 * Every node says every few seconds that it runs; one that hasn't for a while is gone. Thread safe.
 */
public final class Cluster implements OtherNodes, OtherServers {
    private static final long SPEAKS_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long GONE_NANOS = Duration.ofSeconds(10).toNanos();

    /** Whoever hasn't answered by then has died, or will: the caller isn't kept waiting. */
    private static final long ANSWERS_NANOS = Duration.ofSeconds(3).toNanos();

    private record Known(NodeInfo info, long heardNanos) {}

    private final String own;
    private final Control control;
    private final Supplier<NodeInfo> info;
    private final Function<ApiRequest, CompletionStage<ApiResponse>> here;
    private final BiConsumer<String, Bytes> emulated;
    private final BiConsumer<String, Bytes> realm;
    private final LongSupplier nowNanos;
    private final Map<String, Known> others = new ConcurrentHashMap<>();
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private volatile long spokeNanos;

    /**
     * @param own this node's id
     * @param info how this node is
     * @param here carries out what another node was called for, on this node alone
     * @param emulated takes what a client of this node says, and the id of its session
     * @param realm takes what another node's realm of peers says, and that node's id
     * @param nowNanos monotonic time
     */
    public Cluster(
            String own,
            Control control,
            Supplier<NodeInfo> info,
            Function<ApiRequest, CompletionStage<ApiResponse>> here,
            BiConsumer<String, Bytes> emulated,
            BiConsumer<String, Bytes> realm,
            LongSupplier nowNanos) {
        this.own = own;
        this.control = control;
        this.info = info;
        this.here = here;
        this.emulated = emulated;
        this.realm = realm;
        this.nowNanos = nowNanos;
        this.spokeNanos = nowNanos.getAsLong() - SPEAKS_NANOS;
    }

    /** Listens, and says that this node is there. */
    public void start() {
        control.receive(this::heard);
        tick();
    }

    /** To be called about once a second. */
    public void tick() {
        long now = nowNanos.getAsLong();
        others.values().removeIf(known -> now - known.heardNanos() > GONE_NANOS);
        asked.values().forEach(each -> each.expire(now));
        if (now - spokeNanos < SPEAKS_NANOS) return;
        spokeNanos = now;
        say(new NodeMessage.Alive(info.get()));
    }

    /** Says that this node isn't there any more. */
    public CompletionStage<?> leave() {
        return control.toAll(NodeCodec.write(new NodeMessage.Gone(own))).exceptionally(_ -> false);
    }

    private void say(NodeMessage message) {
        // What fails is said again soon, or asked again by whom it concerns.
        var _ = control.toAll(NodeCodec.write(message)).exceptionally(_ -> false);
    }

    // ---- as what this node's own callers know of the others ----

    @Override
    public List<NodeInfo> infos() {
        return others.values().stream().map(Known::info).toList();
    }

    @Override
    public CompletionStage<Boolean> emulate(String node, String session, Bytes commands) {
        return control.toNode(node, NodeCodec.write(new NodeMessage.Emulate(session, commands)));
    }

    /** To the realms of peers on all nodes; this one's doesn't hear it. */
    public void tellRealms(Bytes what) {
        say(new NodeMessage.Realm(own, what));
    }

    /** To the one of a node. False, or a failure: it hasn't heard it. */
    public CompletionStage<Boolean> tellRealm(String node, Bytes what) {
        return control.toNode(node, NodeCodec.write(new NodeMessage.Realm(own, what)));
    }

    @Override
    public CompletionStage<List<ApiResponse>> ask(ApiRequest request) {
        Set<String> awaited = Set.copyOf(others.keySet());
        if (awaited.isEmpty()) return CompletableFuture.completedStage(List.of());
        long id = lastId.incrementAndGet();
        Asked question = new Asked(awaited, nowNanos.getAsLong() + ANSWERS_NANOS);
        asked.put(id, question);
        var _ = question.done.whenComplete((_, _) -> asked.remove(id));
        var _ =
                control.toAll(NodeCodec.write(new NodeMessage.Ask(own, id, request)))
                        .whenComplete((_, failure) -> {
                            if (failure != null) question.done.completeExceptionally(failure);
                        });
        return question.done;
    }

    // ---- what they say ----

    private void heard(Bytes bytes) {
        NodeMessage message;
        try {
            message = NodeCodec.read(bytes);
        } catch (Malformed _) {
            return; // of another version of the server
        }
        switch (message) {
            case NodeMessage.Alive(NodeInfo who) -> {
                if (!who.uid().equals(own) && meet(who)) say(new NodeMessage.Alive(info.get()));
            }
            case NodeMessage.Gone(String node) -> {
                others.remove(node);
                asked.values().forEach(each -> each.withoutAnswer(node));
            }
            case NodeMessage.Emulate(String session, Bytes commands) ->
                    emulated.accept(session, commands);
            case NodeMessage.Ask(String from, long id, ApiRequest request) -> {
                if (!from.equals(own)) answer(from, id, request);
            }
            case NodeMessage.Answer(String from, long id, ApiResponse response) -> {
                Asked question = asked.get(id);
                if (question != null) question.answered(from, response);
            }
            case NodeMessage.Realm(String from, Bytes what) -> {
                if (!from.equals(own)) realm.accept(from, what);
            }
        }
    }

    /** Whether it wasn't known: then it doesn't know this node either. */
    private boolean meet(NodeInfo who) {
        return others.put(who.uid(), new Known(who, nowNanos.getAsLong())) == null;
    }

    private void answer(String from, long id, ApiRequest request) {
        var _ =
                here.apply(request)
                        .exceptionally(_ -> new ApiResponse.Refused(Refusal.INTERNAL))
                        .thenAccept(response -> {
                            NodeMessage answer = new NodeMessage.Answer(own, id, response);
                            var _ =
                                    control.toNode(from, NodeCodec.write(answer))
                                            .exceptionally(_ -> false);
                        });
    }

    /** A question and who hasn't answered it yet. */
    private static final class Asked {
        private final CompletableFuture<List<ApiResponse>> done = new CompletableFuture<>();
        private final Set<String> awaited;
        private final List<ApiResponse> answers = new ArrayList<>();
        private final long expiresNanos;

        Asked(Set<String> awaited, long expiresNanos) {
            this.awaited = new HashSet<>(awaited);
            this.expiresNanos = expiresNanos;
        }

        void answered(String node, ApiResponse response) {
            List<ApiResponse> all;
            synchronized (this) {
                if (!awaited.remove(node)) return;
                answers.add(response);
                if (!awaited.isEmpty()) return;
                all = List.copyOf(answers);
            }
            done.complete(all);
        }

        void withoutAnswer(String node) {
            List<ApiResponse> all;
            synchronized (this) {
                if (!awaited.remove(node) || !awaited.isEmpty()) return;
                all = List.copyOf(answers);
            }
            done.complete(all);
        }

        /** Some haven't done it, for all that is known. */
        void expire(long now) {
            if (now - expiresNanos < 0) return;
            List<ApiResponse> all = new ArrayList<>();
            synchronized (this) {
                all.addAll(answers);
            }
            all.add(new ApiResponse.Refused(Refusal.INTERNAL));
            done.complete(all);
        }
    }
}
