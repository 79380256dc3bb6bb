package dev.cardea.messaging.mercure;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonWriter;
import dev.cardea.wire.mercure.SubscribeQuery;
import dev.cardea.wire.mercure.SubscriptionDocument;
import dev.cardea.wire.mercure.Topic;
import dev.cardea.wire.mercure.TopicSelector;
import dev.cardea.wire.mercure.Update;
import dev.cardea.wire.mercure.UpdateForm;
import dev.cardea.wire.mercure.Url;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A Mercure hub: one log of updates in one order, and those who read it. Thread safe but for what
 * takes a shard, which is for that shard's loop.
 */
public final class MercureHub {
    /** The stream of a hub whose updates go through a broker, and the namespace of its own. */
    public static final String CHANNEL = SharedUpdates.CHANNEL;

    static final long FOREVER = -1;

    private static final long SECOND_NANOS = 1_000_000_000;

    /**
     * Connections end between this part of their time and all of it, so that they don't at once.
     */
    private static final double SHORTEST = 0.8;

    private final Url url;
    private final UpdateLog log;
    private final MercureOptions options;
    private final SelectorCache selectors;
    private final Map<Shard, LoopUpdates> loops = new ConcurrentHashMap<>();
    private final Map<String, Subscriber> subscribers = new ConcurrentHashMap<>();
    private final Supplier<String> newUuid;
    private final LongSupplier unixMillis;
    private final RandomGenerator random;
    private final Retention retention;
    private final LongAdder published = new LongAdder();
    private final LongAdder subscribed = new LongAdder();

    /** Null: the hub is this node's alone. */
    private @Nullable SharedUpdates shared;

    /**
     * @param url the hub's own
     * @param newUuid makes names of updates and subscribers
     * @param unixMillis the time of day, which tokens are judged by
     */
    public MercureHub(
            Url url,
            Retention retention,
            MercureOptions options,
            List<Shard> shards,
            Supplier<String> newUuid,
            LongSupplier unixMillis,
            RandomGenerator random) {
        this.url = url;
        this.retention = retention;
        this.log = new UpdateLog(retention);
        this.options = options;
        this.selectors = new SelectorCache(url);
        this.newUuid = newUuid;
        this.unixMillis = unixMillis;
        this.random = random;
        for (Shard shard : shards) loops.put(shard, new LoopUpdates(log, shard));
    }

    /**
     * Has the hub in common with other nodes from the start on: updates go through the broker, and
     * come from it. Before anything is served.
     *
     * @param channels this node's
     * @param shard where updates arrive; the one that has the timers
     * @param presenceNanos so often the broker is told that a subscriber is still there
     */
    public void shareThrough(Broker broker, Hub channels, Shard shard, long presenceNanos) {
        shared = new SharedUpdates(this, broker, channels, shard, retention, presenceNanos);
    }

    boolean isShared() {
        return shared != null;
    }

    /** On the first loop, once it runs: expires what has outlived its time. */
    public void startTimers(Shard shard) {
        long now = shard.loop().nowNanos();
        shard.timers().set(new EverySecond(shard), now + SECOND_NANOS);
        if (shared != null) shared.start(now);
    }

    public Url url() {
        return url;
    }

    public SelectorCache selectors() {
        return selectors;
    }

    public Topic topic(String text) {
        return new Topic(text, url);
    }

    /**
     * What became of an update.
     *
     * @param repeated nothing was appended
     */
    public record Appended(String id, boolean repeated) {}

    /** The same with an identifier: its own, or one that the hub makes. */
    Update named(Update update) {
        return update.id().isEmpty() ? update.withId("urn:uuid:" + newUuid.get()) : update;
    }

    /** As {@link #publish(Update, boolean, String, long)}, of what a publisher says. */
    public CompletionStage<String> publish(Update update, long nowNanos) {
        return publish(update, false, "", nowNanos);
    }

    /**
     * Publishes an update: on this node, or on all that share the hub. From any thread.
     *
     * @param once the same identifier is enough to be a repetition, whatever else is said
     * @param idempotencyKey empty: none. The broker takes a repetition for one within five minutes
     * @return the update's identifier, once it is kept; fails if the broker can't be reached, which
     *     may have it all the same
     */
    CompletionStage<String> publish(
            Update update, boolean once, String idempotencyKey, long nowNanos) {
        SharedUpdates through = shared;
        if (through == null)
            return CompletableFuture.completedFuture(append(update, once, nowNanos).id());
        Update named = named(update);
        return through.append(named, once, idempotencyKey).thenApply(_ -> named.id());
    }

    /**
     * Appends an update to this node's log, unless it repeats one that is kept. From any thread.
     *
     * @param once the same identifier is enough to be a repetition, whatever else is said
     */
    public Appended append(Update update, boolean once, long nowNanos) {
        Update named = named(update);
        boolean isNew =
                take(
                        new UpdateCodec.Told(
                                named.topics(),
                                named.isPrivate(),
                                named.id(),
                                once,
                                UpdateCodec.event(named)),
                        nowNanos);
        return new Appended(named.id(), !isNew);
    }

    /** Returns false if it was published before. */
    boolean take(UpdateCodec.Told update, long nowNanos) {
        boolean isNew =
                log.append(
                        update.topics(),
                        update.isPrivate(),
                        update.id(),
                        update.once(),
                        update.event(),
                        nowNanos);
        if (!isNew) return false;
        published.increment();
        for (LoopUpdates loop : loops.values()) loop.published();
        return true;
    }

    /** Something is missing in front of what is taken next. */
    void lost() {
        log.lost();
        for (LoopUpdates loop : loops.values()) loop.published();
    }

    /**
     * Complete once {@link #subscribe} can tell where the subscriber stood: at once, unless what it
     * has seen last may be on its way here from another node. Then the broker is asked how far it
     * is; the stage fails if that can't be told, or what there is doesn't come, within some
     * seconds. From any thread.
     */
    public CompletionStage<Void> awaitPlace(SubscribeQuery query) {
        SharedUpdates through = shared;
        String asked = query.lastEventId();
        boolean isKnown =
                asked == null
                        || asked.isEmpty()
                        || asked.equals(UpdateForm.EARLIEST)
                        || log.find(asked) != 0;
        if (through == null || (isKnown && through.hasBegun())) return done();
        return through.arrived();
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Whether it has what other nodes had published before it came. Before, nobody may subscribe.
     * From any thread.
     */
    public boolean hasBegun() {
        return shared == null || shared.hasBegun();
    }

    /**
     * Somebody wants to subscribe. It does once it begins; then it is given what comes behind this
     * moment, or behind the identifier that it knows. From any thread.
     *
     * @param rights null: it is anonymous, and gets no private updates
     */
    public Subscriber subscribe(Shard shard, SubscribeQuery query, @Nullable Rights rights) {
        LoopUpdates loop = loop(shard);
        SelectorSet selected = new SelectorSet(query.selectors());
        String asked = query.lastEventId();
        UpdateReader reader =
                new UpdateReader(log, loop, selected, rights, gap(asked == null ? "" : asked));
        Start start = start(reader, asked, log.head());
        return new Subscriber(
                this,
                shard,
                "urn:uuid:" + newUuid.get(),
                reader,
                rights,
                options,
                start.position(),
                start.answer());
    }

    /** Its connection is there. On its loop. */
    void joined(Subscriber subscriber, long nowNanos) {
        loop(subscriber.shard()).add(subscriber.reader());
        subscribers.put(subscriber.id(), subscriber);
        subscribed.increment();
        if (shared != null && options.subscriptions()) shared.joined(subscriber);
        tell(subscriber, true, nowNanos);
    }

    /**
     * @param answer what is said about the identifier that was asked for
     */
    private record Start(long position, @Nullable String answer) {}

    /**
     * Where reading begins. An identifier that isn't known gives nothing back, since nobody can
     * tell what came behind it; the reader is told that something may be missing.
     */
    private Start start(UpdateReader reader, @Nullable String asked, long now) {
        if (asked == null) return new Start(now, null);
        if (asked.isEmpty()) return new Start(now, lastEventId());
        if (asked.equals(UpdateForm.EARLIEST)) return new Start(0, UpdateForm.EARLIEST);
        long sequence = log.find(asked);
        if (sequence == 0) {
            reader.knowsNothing();
            return new Start(now, UpdateForm.EARLIEST);
        }
        if (reader.lostBehind(sequence) == 0) return new Start(sequence, asked);
        String before = reader.idBeforeFirstBehind(sequence);
        boolean says = before != null && !before.equals(asked);
        return new Start(sequence, says ? before : UpdateForm.EARLIEST);
    }

    /**
     * The event that says that something is missing. It has a type of its own, so that whoever
     * doesn't know it doesn't see it, and no identifier, so that it leaves the last one alone.
     */
    private static Frame gap(String asked) {
        ByteWriter out = new ByteWriter(128);
        out.putAscii("event: cardea-gap\ndata: {");
        JsonWriter.name(out, "last_event_id");
        JsonWriter.string(out, asked);
        out.putAscii("}\n\n");
        return new Frame(out.toArray());
    }

    /** Its connection has gone. */
    void left(Subscriber subscriber, long nowNanos) {
        if (!subscribers.remove(subscriber.id(), subscriber)) return;
        loop(subscriber.shard()).remove(subscriber.reader());
        if (shared != null && options.subscriptions()) shared.left(subscriber);
        tell(subscriber, false, nowNanos);
    }

    private LoopUpdates loop(Shard shard) {
        LoopUpdates loop = loops.get(shard);
        if (loop == null) throw new IllegalArgumentException("a shard of another hub");
        return loop;
    }

    private void tell(Subscriber subscriber, boolean active, long nowNanos) {
        if (!options.subscriptions()) return;
        for (SubscriptionDocument document : documents(subscriber, active)) {
            var _ = publish(event(document), nowNanos);
        }
    }

    private Update event(SubscriptionDocument document) {
        ByteWriter data = new ByteWriter(256);
        document.write(true, data);
        boolean isOfVersion1 = document.kind() != TopicSelector.Kind.TOPIC;
        return new Update(
                List.of(topic(document.path())),
                true,
                "",
                isOfVersion1 ? UpdateForm.HUBS_OWN_TYPE : "",
                Update.NO_RETRY,
                data.toBytes());
    }

    List<SubscriptionDocument> documents(Subscriber subscriber, boolean active) {
        List<SubscriptionDocument> documents = new ArrayList<>();
        Rights rights = subscriber.rights();
        for (TopicSelector each : subscriber.selectors().all()) {
            Bytes payload = rights == null ? Bytes.EMPTY : rights.payload(each, topic(each.text()));
            documents.add(
                    new SubscriptionDocument(
                            url.pathname(),
                            each.kind(),
                            each.text(),
                            subscriber.id(),
                            active,
                            payload));
        }
        return documents;
    }

    /**
     * Who subscribes to what, now, at all nodes. Fails if the broker can't be reached. From any
     * thread.
     */
    public CompletionStage<List<SubscriptionDocument>> subscriptions() {
        if (shared == null) return CompletableFuture.completedFuture(here());
        return shared.elsewhere()
                .thenApply(elsewhere -> {
                    List<SubscriptionDocument> all = here();
                    all.addAll(elsewhere);
                    return all;
                });
    }

    private List<SubscriptionDocument> here() {
        List<SubscriptionDocument> all = new ArrayList<>();
        for (Subscriber each : subscribers.values()) all.addAll(documents(each, true));
        return all;
    }

    boolean hasSubscriber(String id) {
        return subscribers.containsKey(id);
    }

    /** The identifier published last, or {@code earliest}. */
    public String lastEventId() {
        String newest = log.newestId();
        return newest.isEmpty() ? UpdateForm.EARLIEST : newest;
    }

    public boolean tellsSubscriptions() {
        return options.subscriptions();
    }

    /** How long a connection lasts from now on. */
    long lifetimeNanos(@Nullable Rights rights) {
        long lasts = FOREVER;
        if (options.writeTimeoutNanos() > 0) lasts = shortened(options.writeTimeoutNanos());
        if (rights != null && rights.expiresSeconds() > 0) {
            long left = rights.expiresSeconds() * 1000 - unixMillis.getAsLong();
            // years don't matter, and would be too many nanoseconds
            long leftNanos = Math.clamp(left, 0, 1L << 40) * 1_000_000;
            long ofToken = shortened(leftNanos);
            if (lasts == FOREVER || ofToken < lasts) lasts = ofToken;
        }
        long early = lasts - options.dispatchTimeoutNanos();
        return early > 0 ? early : lasts;
    }

    private long shortened(long nanos) {
        return (long) (nanos * (SHORTEST + (1 - SHORTEST) * random.nextDouble()));
    }

    public int subscriberCount() {
        return subscribers.size();
    }

    /** Those who are there, in no particular order. From any thread. */
    public List<Subscriber> subscribers() {
        return List.copyOf(subscribers.values());
    }

    /** Since the start. */
    public long subscribedTotal() {
        return subscribed.sum();
    }

    /** Since the start. */
    public long publishedTotal() {
        return published.sum();
    }

    public int keptUpdates() {
        return log.count();
    }

    public long keptBytes() {
        return log.bytes();
    }

    /** Places in the log that were looked at for what somebody asked for, since the start. */
    public long visitedTotal() {
        return log.visited();
    }

    private final class EverySecond extends TimerWheel.Timer {
        private final Shard shard;

        EverySecond(Shard shard) {
            this.shard = shard;
        }

        @Override
        protected void expired(long nowNanos) {
            shard.timers().set(this, nowNanos + SECOND_NANOS); // first: what follows may throw
            log.expire(nowNanos);
        }
    }
}
