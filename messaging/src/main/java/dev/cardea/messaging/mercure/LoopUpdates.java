package dev.cardea.messaging.mercure;

import dev.cardea.messaging.hub.Shard;
import dev.cardea.wire.mercure.Topic;
import dev.cardea.wire.mercure.TopicSelector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The hub's readers on one event loop, by what they select: an update wakes those whom it concerns.
 * Only {@link #published} may be called by other threads.
 */
final class LoopUpdates {
    private static final int TURN_UPDATES = 1024;

    /** What readers that keep up are given without a look at the log. */
    private static final int RECENT_UPDATES = 1024; // a power of two

    private static final long RECENT_BYTES = 4 * 1024 * 1024;

    /** Patterns are tried for so long; then others on the loop have their turn. */
    private static final long TURN_NANOS = 1_000_000;

    private static final int LOOKS_AT_CLOCK = 8;

    private final UpdateLog log;
    private final Shard shard;
    private final AtomicBoolean dirty = new AtomicBoolean();

    private final Map<String, Set<UpdateReader>> byTopic = new HashMap<>();
    private final Map<TopicSelector, Set<UpdateReader>> byPattern = new HashMap<>();
    private final Set<UpdateReader> ofEverything = new LinkedHashSet<>();
    private final Set<UpdateReader> all = new LinkedHashSet<>();

    /** Patterns that the update seen last has still to be tried with, the last first. */
    private List<TopicSelector> untried = List.of();

    /** Readers whose turn took long enough, though they were given little. */
    private final Queue<UpdateReader> paused = new ArrayDeque<>();

    /** By a sequence's low bits. */
    private final @Nullable StoredUpdate[] recent = new StoredUpdate[RECENT_UPDATES];

    private long recentBytes;

    /** What comes behind this is in {@link #recent}, up to {@link #seen}, without a hole. */
    private long recentFrom;

    /** Readers have been told of everything up to here. */
    private long seen;

    LoopUpdates(UpdateLog log, Shard shard) {
        this.log = log;
        this.shard = shard;
    }

    long seen() {
        return seen;
    }

    int count() {
        return all.size();
    }

    /** Something was appended. From any thread: the loop is told once until it has looked. */
    void published() {
        if (!dirty.get() && dirty.compareAndSet(false, true)) shard.loop().execute(this::turn);
    }

    private void turnAgain() {
        if (dirty.compareAndSet(false, true)) shard.loop().executeAfterIo(this::turn);
    }

    /** Goes on with a reader behind what the sockets bring next, and behind others that wait. */
    void pause(UpdateReader reader) {
        if (paused.isEmpty()) shard.loop().executeAfterIo(this::resumeOne);
        paused.add(reader);
    }

    private void resumeOne() {
        UpdateReader next = paused.poll();
        if (!paused.isEmpty()) shard.loop().executeAfterIo(this::resumeOne);
        if (next != null) next.resume();
    }

    /** When work that was cut into pieces has to leave the loop to others. */
    long untilNanos() {
        return shard.loop().nowNanos() + TURN_NANOS;
    }

    /** The same for work that is done in one piece, or given up. */
    long givenUpNanos() {
        return shard.loop().nowNanos() + 5 * TURN_NANOS;
    }

    boolean isOver(long untilNanos) {
        return shard.loop().nowNanos() - untilNanos > 0;
    }

    private void turn() {
        dirty.set(false); // first: what is appended from here on asks for another turn
        if (all.isEmpty()) {
            skipTo(log.head());
            return;
        }
        long until = untilNanos();
        if (!tryPatterns(until)) return;
        long head = log.head();
        List<StoredUpdate> fresh = log.after(seen, TURN_UPDATES);
        for (StoredUpdate update : fresh) {
            if (update.sequence() != seen + 1) passOver(update.sequence() - 1);
            remember(update);
            wake(update);
            if (!tryPatterns(until)) return;
        }
        if (fresh.size() == TURN_UPDATES) turnAgain();
        else if (seen < head) passOver(head);
    }

    /**
     * What was gone before the loop could look: its readers see for themselves whom it concerns.
     */
    private void passOver(long sequence) {
        long from = seen;
        skipTo(sequence);
        for (UpdateReader each : all) each.passedOver(from);
    }

    private void skipTo(long sequence) {
        seen = sequence;
        untried = List.of();
        Arrays.fill(recent, null);
        recentBytes = 0;
        recentFrom = sequence;
    }

    private void remember(StoredUpdate update) {
        seen = update.sequence();
        if (seen - recentFrom > RECENT_UPDATES) forgetOldest();
        recent[place(seen)] = update;
        recentBytes += update.bytes();
        while (recentBytes > RECENT_BYTES && recentFrom < seen - 1) forgetOldest();
    }

    private void forgetOldest() {
        int place = place(++recentFrom);
        StoredUpdate oldest = recent[place];
        if (oldest != null) recentBytes -= oldest.bytes();
        recent[place] = null;
    }

    private static int place(long sequence) {
        return (int) sequence & (RECENT_UPDATES - 1);
    }

    private void wake(StoredUpdate update) {
        for (UpdateReader each : ofEverything) each.concerns(update);
        for (Topic topic : update.topics()) {
            Set<UpdateReader> readers = byTopic.get(topic.text());
            if (readers != null) for (UpdateReader each : readers) each.concerns(update);
        }
        if (!byPattern.isEmpty()) untried = new ArrayList<>(byPattern.keySet());
    }

    /**
     * Wakes those whose patterns match the update that was seen last. Until that is done no other
     * is looked at; whoever reads meanwhile tries its own patterns.
     *
     * @return false: the rest is for another turn, which was asked for
     */
    private boolean tryPatterns(long untilNanos) {
        while (!untried.isEmpty()) {
            if (untried.size() % LOOKS_AT_CLOCK == 0 && isOver(untilNanos)) {
                turnAgain();
                return false;
            }
            TopicSelector pattern = untried.removeLast();
            Set<UpdateReader> readers = byPattern.get(pattern); // they may have left meanwhile
            StoredUpdate update = recent[place(seen)];
            if (readers == null || update == null || !matchesAny(pattern, update.topics()))
                continue;
            for (UpdateReader reader : readers) reader.concerns(update);
        }
        return true;
    }

    private static boolean matchesAny(TopicSelector selector, List<Topic> topics) {
        for (Topic topic : topics) if (selector.matches(topic)) return true;
        return false;
    }

    /** Whether all behind a sequence are at hand, up to {@link #seen}. */
    boolean hasAllAfter(long sequence) {
        return sequence >= recentFrom;
    }

    /** One of those; it is there. */
    StoredUpdate recent(long sequence) {
        StoredUpdate update = recent[place(sequence)];
        if (update == null || update.sequence() != sequence)
            throw new IllegalStateException("update " + sequence + " isn't at hand");
        return update;
    }

    /** From here on the reader is told of what is appended. */
    void add(UpdateReader reader) {
        if (all.isEmpty()) skipTo(log.head());
        all.add(reader);
        SelectorSet selectors = reader.selectors();
        if (selectors.isEverything()) ofEverything.add(reader);
        for (String topic : selectors.topics())
            byTopic.computeIfAbsent(topic, _ -> new LinkedHashSet<>(2)).add(reader);
        for (TopicSelector pattern : selectors.patterns())
            byPattern.computeIfAbsent(pattern, _ -> new LinkedHashSet<>(2)).add(reader);
    }

    void remove(UpdateReader reader) {
        all.remove(reader);
        SelectorSet selectors = reader.selectors();
        ofEverything.remove(reader);
        for (String topic : selectors.topics()) removeFrom(byTopic, topic, reader);
        for (TopicSelector pattern : selectors.patterns()) removeFrom(byPattern, pattern, reader);
        if (all.isEmpty()) skipTo(seen);
    }

    private static <K> void removeFrom(
            Map<K, Set<UpdateReader>> index, K key, UpdateReader reader) {
        Set<UpdateReader> readers = index.get(key);
        if (readers == null) return;
        readers.remove(reader);
        if (readers.isEmpty()) index.remove(key);
    }
}
