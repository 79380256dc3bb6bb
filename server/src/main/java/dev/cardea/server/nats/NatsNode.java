package dev.cardea.server.nats;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.broker.Replicas;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.server.config.NatsConfig;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's side of NATS: one connection, with one server or one of a cluster. */
public final class NatsNode implements NodeBroker, Control {
    private static final Logger LOG = LoggerFactory.getLogger(NatsNode.class);
    private static final Duration FIRST_CONNECT = Duration.ofSeconds(2);
    private static final byte[] NOTHING = {};

    private final Subjects subjects;
    private final String id;
    private final Blocking blocking = new Blocking();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("nats-timer").factory());
    private final Link link;
    private final Streams streams;
    private final Listening listening;
    private final Replicas replicas;
    private final NatsStreams origin;
    private final NatsBroker broker;
    private final AtomicLong malformed = new AtomicLong();
    private volatile Consumer<Bytes> receiver = _ -> {};
    private volatile boolean hasJetStream;
    private boolean isAskingJetStream;

    private NatsNode(
            NatsConfig config,
            Hub hub,
            String id,
            Supplier<String> newEpoch,
            Duration positionCheck) {
        this.id = id;
        this.subjects = new Subjects(config.prefix());
        this.link =
                new Link(
                        Servers.options(config).connectionName("cardea " + id),
                        Servers.withoutSecrets(config),
                        new Watching());
        this.streams = new Streams(link, blocking, subjects, config, id, newEpoch);
        this.listening = new Listening(subjects, blocking, this::heard);
        this.origin = new NatsStreams(link, blocking, subjects, streams, listening);
        this.replicas = new Replicas(hub, origin, System::nanoTime, positionCheck.toNanos());
        this.broker =
                new NatsBroker(
                        link,
                        subjects,
                        origin,
                        new Appender(link, blocking, subjects, streams, origin),
                        new PresenceBucket(link, blocking, subjects, streams.presence()),
                        replicas);
    }

    /**
     * Connects. Where NATS isn't there yet, it is tried again, and the node does what it can
     * without it.
     *
     * @param id the node's
     * @param newEpoch makes a part of a stream's epoch
     * @param positionCheck a stream that nothing was heard of for so long is looked at
     */
    public static NatsNode start(
            NatsConfig config,
            Hub hub,
            String id,
            Supplier<String> newEpoch,
            Duration positionCheck) {
        NatsNode node = new NatsNode(config, hub, id, newEpoch, positionCheck);
        node.connect();
        return node;
    }

    private void connect() {
        link.connect();
        var _ = timer.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
        long deadline = System.nanoTime() + FIRST_CONNECT.toNanos();
        while (!isReachable() && System.nanoTime() < deadline && !Thread.interrupted()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A timer that throws is one that never comes again. */
    private void tick() {
        try {
            replicas.tick();
            if (!link.isUp()) return;
            List<String> fresh = listening.takeFresh();
            if (isInCluster()) replicas.doubt(fresh);
            askJetStream();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("broker_timer_failed");
        }
    }

    private boolean isInCluster() {
        return link.connection().getServerInfo().getCluster() != null;
    }

    /** Whether it is turned on, and a cluster has a leader. */
    private void askJetStream() {
        if (isAskingJetStream) return;
        isAskingJetStream = true;
        var _ =
                link.ask("$JS.API.INFO", null, NOTHING)
                        .whenComplete((answer, failure) -> {
                            boolean has = failure == null && isGood(answer);
                            if (hasJetStream && !has)
                                LOG.atWarn()
                                        .addKeyValue("why", String.valueOf(failure))
                                        .log("broker_without_jetstream");
                            hasJetStream = has;
                            timer.execute(() -> isAskingJetStream = false);
                        });
    }

    private static boolean isGood(Message answer) {
        return !new String(answer.getData(), java.nio.charset.StandardCharsets.UTF_8)
                .contains("\"error\"");
    }

    /** What the connection tells. */
    private final class Watching implements Link.Watcher {
        @Override
        public void listenOver(Connection connection) throws InterruptedException {
            Dispatcher others = connection.createDispatcher();
            others.subscribe(subjects.control(), NatsNode.this::heardFromNode);
            others.subscribe(subjects.node(id), NatsNode.this::heardFromNode);
            others.subscribe(subjects.doubts(), NatsNode.this::heardDoubt);
            // Before anything arrives: what is told leaves open what was missed.
            streams.forget();
            replicas.doubt(replicas.channels());
            listening.over(connection);
            try {
                connection.flush(Link.ANSWERS);
            } catch (TimeoutException e) {
                throw new IllegalStateException("NATS doesn't answer", e);
            }
        }

        @Override
        public void connected() {
            replicas.tick();
            timer.execute(NatsNode.this::askJetStreamSafely);
        }

        @Override
        public void dropped() {
            replicas.doubt(replicas.channels());
        }
    }

    private void askJetStreamSafely() {
        try {
            askJetStream();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("broker_timer_failed");
        }
    }

    // ---- what is heard ----

    private void heard(String channel, Message message) {
        try {
            replicas.arrived(channel, origin.arrival(message));
        } catch (Malformed e) {
            if (malformed.getAndIncrement() == 0)
                LOG.atWarn()
                        .addKeyValue("channel", channel)
                        .setCause(e)
                        .log("broker_message_malformed");
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("channel", channel).setCause(e).log("broker_message_failed");
        }
    }

    private void heardFromNode(Message message) {
        String replyTo = message.getReplyTo();
        if (replyTo != null) message.getConnection().publish(replyTo, NOTHING);
        if (message.getData().length <= MAX_BYTES) receiver.accept(Bytes.wrap(message.getData()));
    }

    private void heardDoubt(Message message) {
        String subject = message.getSubject();
        streams.forget(subject.substring(subject.lastIndexOf('.') + 1));
        replicas.doubt(replicas.channels());
    }

    // ---- as this node's side ----

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public Control control() {
        return this;
    }

    @Override
    public boolean isReachable() {
        return link.isUp() && hasJetStream;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        link.close();
        blocking.close();
    }

    // ---- control ----

    @Override
    public void receive(Consumer<Bytes> taker) {
        receiver = taker;
    }

    @Override
    public CompletionStage<Boolean> toAll(Bytes message) {
        return link.tell(subjects.control(), message.toArray()).thenApply(_ -> true);
    }

    @Override
    public CompletionStage<Boolean> toNode(String node, Bytes message) {
        return link.ask(subjects.node(node), null, message.toArray())
                .thenApply(_ -> true)
                .exceptionallyCompose(failure ->
                        Link.isNobody(failure)
                                ? CompletableFuture.completedStage(false)
                                : CompletableFuture.failedStage(failure));
    }
}
