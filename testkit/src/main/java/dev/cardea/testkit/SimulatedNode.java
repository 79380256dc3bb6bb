package dev.cardea.testkit;

import dev.cardea.messaging.auth.MemoryRevocations;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.broker.EmbeddedBroker;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.session.ClientOptions;
import dev.cardea.messaging.session.Counters;
import dev.cardea.messaging.session.Namespaces;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.RevokedTokens;
import dev.cardea.messaging.session.Sessions;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A whole node of the server but its network, in a {@link Simulation}. */
public final class SimulatedNode {
    public static final Duration PRESENCE_TTL = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Simulation simulation;
    private final List<SimulatedLoop> loops = new ArrayList<>();
    private final Hub hub;
    private final Broker broker;
    private final ScriptedAuthenticator authenticator = new ScriptedAuthenticator();
    private final Node node;
    private final SplittableRandom random;

    private SimulatedNode(Builder builder) {
        this.simulation = builder.simulation;
        this.random = simulation.random();
        for (int i = 0; i < builder.loops; i++)
            loops.add(simulation.addLoop(i, builder.outboundLimitBytes));
        SplittableRandom epochs = simulation.random();
        this.hub =
                new Hub(
                        _ -> new MemoryBudget(builder.publicationsLimitBytes),
                        () -> Integer.toString(epochs.nextInt(1 << 30, Integer.MAX_VALUE), 36),
                        builder.idleStreams);
        hub.setShards(loops.stream().map(SimulatedLoop::shard).toList());
        this.broker = builder.network.apply(builder.broker.apply(hub));
        this.node =
                new Node(
                        builder.id,
                        "test",
                        builder.client,
                        new Namespaces(builder.withoutNamespace, builder.namespaces),
                        hub,
                        broker,
                        authenticator,
                        new MemoryRevocations(100, () -> simulation.unixMillis() / 1000),
                        builder.hooks,
                        builder.limits,
                        new Sessions(),
                        new Counters(),
                        simulation::unixMillis,
                        this::newClientId,
                        simulation.random());
        RevokedTokens.watch(node);
    }

    private String newClientId() {
        return "client-" + Long.toHexString(random.nextLong());
    }

    public static Builder in(Simulation simulation) {
        return new Builder(simulation);
    }

    /** What a node is made of. */
    public static final class Builder {
        private final Simulation simulation;
        private String id = "node";
        private int loops = 1;
        private long outboundLimitBytes = Long.MAX_VALUE;
        private long publicationsLimitBytes = Long.MAX_VALUE;
        private int idleStreams = Integer.MAX_VALUE;
        private Function<Hub, Broker> broker;
        private UnaryOperator<Broker> network = UnaryOperator.identity();
        private Hooks hooks = Hooks.NONE;
        private RateLimits limits = RateLimits.NONE;
        private ClientOptions client = new ClientSettings().build();
        private ChannelOptions withoutNamespace = ChannelSettings.of("").build();
        private final Map<String, ChannelOptions> namespaces = new HashMap<>();

        private Builder(Simulation simulation) {
            this.simulation = simulation;
            this.broker =
                    hub -> new EmbeddedBroker(hub, PRESENCE_TTL.toNanos(), simulation::nowNanos);
        }

        /** One of several nodes. */
        public Builder id(String id) {
            this.id = id;
            return this;
        }

        public Builder loops(int count) {
            loops = count;
            return this;
        }

        /** What each loop's stalled connections may have pending. */
        public Builder outboundLimit(long bytes) {
            outboundLimitBytes = bytes;
            return this;
        }

        /** What each namespace's publications may take. */
        public Builder publicationsLimit(long bytes) {
            publicationsLimitBytes = bytes;
            return this;
        }

        /** How many channels that nobody reads are kept for their streams. */
        public Builder idleStreams(int streams) {
            idleStreams = streams;
            return this;
        }

        /** Who orders and keeps its publications; the node itself otherwise. */
        public Builder brokerOf(Function<Hub, Broker> broker) {
            this.broker = broker;
            return this;
        }

        /** Puts something between the node and its broker. */
        public Builder broker(UnaryOperator<Broker> between) {
            network = between;
            return this;
        }

        /** What the application's backend is asked. */
        public Builder hooks(Hooks hooks) {
            this.hooks = hooks;
            return this;
        }

        public Builder limits(RateLimits limits) {
            this.limits = limits;
            return this;
        }

        public Builder client(ClientSettings settings) {
            client = settings.build();
            return this;
        }

        /** The settings of channels whose namespace is theirs; the empty one is for all others. */
        public Builder channels(ChannelSettings settings) {
            ChannelOptions options = settings.build();
            if (options.namespace().isEmpty()) withoutNamespace = options;
            else namespaces.put(options.namespace(), options);
            return this;
        }

        public SimulatedNode start() {
            return new SimulatedNode(this);
        }
    }

    public Simulation simulation() {
        return simulation;
    }

    public Hub hub() {
        return hub;
    }

    public Broker broker() {
        return broker;
    }

    public ScriptedAuthenticator authenticator() {
        return authenticator;
    }

    public Node node() {
        return node;
    }

    /** A connection, on a loop by chance, that hasn't said anything yet. */
    public ScriptedClient client(SimulatedEncoding encoding) {
        return new ScriptedClient(this, loops.get(random.nextInt(loops.size())), encoding);
    }

    /** The server API publishes; returns when it is done and has reached who takes it. */
    public Published publish(String channel, String data) {
        return publish(channel, Publication.of(Bytes.utf8(data)), PublishOptions.NONE);
    }

    public Published publish(String channel, Publication publication, PublishOptions how) {
        Published published = await(publishLater(channel, publication, how));
        simulation.run();
        return published;
    }

    /** The server API publishes; nobody waits for it. */
    public CompletionStage<Published> publishLater(
            String channel, Publication publication, PublishOptions how) {
        return broker.publish(channel, options(channel), publication, how);
    }

    public ChannelOptions options(String channel) {
        return Objects.requireNonNull(node.namespaces().of(channel), channel);
    }

    /** Plays on until the stage is complete. */
    public <T> T await(CompletionStage<T> stage) {
        simulation.runUntil(stage.toCompletableFuture()::isDone, PATIENCE);
        return stage.toCompletableFuture().join();
    }
}
