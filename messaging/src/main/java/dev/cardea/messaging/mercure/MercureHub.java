package dev.cardea.messaging.mercure;

import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonWriter;
import dev.cardea.wire.mercure.EventWriter;
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
    private final LongAdder published = new LongAdder();
    private final LongAdder subscribed = new LongAdder();

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
        this.log = new UpdateLog(retention);
        this.options = options;
        this.selectors = new SelectorCache(url);
        this.newUuid = newUuid;
        this.unixMillis = unixMillis;
        this.random = random;
        for (Shard shard : shards) loops.put(shard, new LoopUpdates(log, shard));
    }

    /** On the first loop, once it runs: expires what has outlived its time. */
    public void startTimers(Shard shard) {
        shard.timers().set(new EverySecond(shard), shard.loop().nowNanos() + SECOND_NANOS);
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

    /**
     * Appends an update, unless it repeats one that is kept. From any thread.
     *
     * @param once the same identifier is enough to be a repetition, whatever else is said
     */
    public Appended append(Update update, boolean once, long nowNanos) {
        Update named = update.id().isEmpty() ? update.withId("urn:uuid:" + newUuid.get()) : update;
        ByteWriter event = new ByteWriter(128 + named.data().length());
        EventWriter.write(named, event);
        boolean isNew =
                log.append(
                        named.topics(),
                        named.isPrivate(),
                        named.id(),
                        once,
                        new Frame(event.toArray()),
                        nowNanos);
        if (!isNew) return new Appended(named.id(), true);
        published.increment();
        for (LoopUpdates loop : loops.values()) loop.published();
        return new Appended(named.id(), false);
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
        tell(subscriber, false, nowNanos);
    }

    private LoopUpdates loop(Shard shard) {
        LoopUpdates loop = loops.get(shard);
        if (loop == null) throw new IllegalArgumentException("a shard of another hub");
        return loop;
    }

    private void tell(Subscriber subscriber, boolean active, long nowNanos) {
        if (!options.subscriptions()) return;
        for (SubscriptionDocument document : documents(subscriber, active))
            append(event(document), false, nowNanos);
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

    private List<SubscriptionDocument> documents(Subscriber subscriber, boolean active) {
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

    /** Who subscribes to what, now. From any thread. */
    public List<SubscriptionDocument> subscriptions() {
        List<SubscriptionDocument> all = new ArrayList<>();
        for (Subscriber each : subscribers.values()) all.addAll(documents(each, true));
        return all;
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
