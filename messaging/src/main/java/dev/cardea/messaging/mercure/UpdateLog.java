package dev.cardea.messaging.mercure;

import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.mercure.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was published to the hub and is still kept, in one order, found by identifier, by
 * place and by topic. Thread safe, under its own short lock: nothing is matched in it.
 *
 * <p>An update is kept for as long as one of its topics keeps it. The bounds never wait for a
 * reader: one that comes too late is told, because the log knows of each topic up to where it lost
 * something.
 */
final class UpdateLog {
    private final Retention retention;

    /** By sequence, which need not be contiguous: those that are gone leave a hole for a while. */
    private @Nullable StoredUpdate[] updates = new StoredUpdate[16];

    private long[] sequences = new long[16];
    private int start;
    private int end;
    private int alive;
    private long bytes;

    private final Map<String, TopicHistory> topics = new HashMap<>();

    /** The earliest update of each identifier. */
    private final Map<String, StoredUpdate> byId = new HashMap<>();

    /** Where those were that are gone, the newest of them. */
    private final Map<String, Long> gone = new LinkedHashMap<>();

    /** How many places were looked at to find what was asked for, since the start. */
    private long visited;

    private volatile long head;
    private String newestId = "";

    /** The newest sequence of a topic that nothing is kept of any more. */
    private long forgottenThrough;

    UpdateLog(Retention retention) {
        this.retention = retention;
    }

    /** The newest sequence. No lock. */
    long head() {
        return head;
    }

    /** The identifier published last; empty: none was. */
    synchronized String newestId() {
        return newestId;
    }

    synchronized long visited() {
        return visited;
    }

    synchronized int count() {
        return alive;
    }

    synchronized long bytes() {
        return bytes;
    }

    /**
     * Appends an update.
     *
     * @param once not if one with its identifier was appended, rather than if the same was
     * @return false: it was published before
     */
    synchronized boolean append(
            List<Topic> itsTopics,
            boolean isPrivate,
            String id,
            boolean once,
            Frame event,
            long nowNanos) {
        expire(nowNanos);
        StoredUpdate known = byId.get(id);
        if (known != null && (once || known.says(itsTopics, isPrivate, event))) return false;
        if (once && gone.containsKey(id)) return false;
        StoredUpdate update = new StoredUpdate(head + 1, itsTopics, isPrivate, id, event, nowNanos);
        makeRoom();
        updates[end] = update;
        sequences[end++] = update.sequence();
        alive++;
        bytes += update.bytes();
        // an identifier that is used again leads to where it was used first
        byId.putIfAbsent(id, update);
        gone.remove(id);
        for (Topic topic : Set.copyOf(itsTopics)) {
            TopicHistory history =
                    topics.computeIfAbsent(
                            topic.text(), _ -> new TopicHistory(topic, forgottenThrough));
            history.append(update.sequence(), update.bytes());
            update.holders++;
        }
        for (Topic topic : itsTopics) trim(topic);
        newestId = id;
        head = update.sequence();
        while (alive > retention.size() || (bytes > retention.bytes() && alive > 1)) dropOldest();
        return true;
    }

    /** Something that nobody here has seen is missing: of which topics can't be told. */
    synchronized void lost() {
        head = head + 1;
        forgottenThrough = head;
        for (TopicHistory history : topics.values()) history.lost(head);
    }

    private void trim(Topic topic) {
        TopicHistory history = topics.get(topic.text());
        if (history == null) return;
        while (history.count() > 1
                && (history.count() > retention.topicSize()
                        || history.bytes() > retention.topicBytes())) {
            StoredUpdate oldest = at(history.oldest());
            history.dropOldest(oldest.bytes());
            if (--oldest.holders == 0) remove(oldest);
        }
    }

    synchronized void expire(long nowNanos) {
        while (alive > 0) {
            StoredUpdate oldest = oldest();
            if (nowNanos - oldest.appendedNanos() < retention.ttlNanos()) return;
            drop(oldest);
        }
    }

    private void dropOldest() {
        drop(oldest());
    }

    /** The oldest of all is the oldest of each of its topics. */
    private void drop(StoredUpdate update) {
        for (Topic topic : Set.copyOf(update.topics())) {
            TopicHistory history = topics.get(topic.text());
            if (history == null || history.oldest() != update.sequence()) continue;
            history.dropOldest(update.bytes());
            if (history.count() > 0) continue;
            topics.remove(topic.text());
            forgottenThrough = Math.max(forgottenThrough, history.lostThrough());
        }
        remove(update);
    }

    private void remove(StoredUpdate update) {
        updates[index(update.sequence())] = null;
        alive--;
        bytes -= update.bytes();
        while (start < end && updates[start] == null) start++;
        if (!byId.remove(update.id(), update)) return;
        gone.put(update.id(), update.sequence());
        if (gone.size() > retention.size()) gone.remove(gone.keySet().iterator().next());
    }

    private StoredUpdate oldest() {
        StoredUpdate oldest = updates[start];
        if (oldest == null) throw new IllegalStateException("nothing is kept");
        return oldest;
    }

    private StoredUpdate at(long sequence) {
        StoredUpdate update = updates[index(sequence)];
        if (update == null) throw new IllegalStateException("nothing at " + sequence);
        return update;
    }

    private int index(long sequence) {
        return Arrays.binarySearch(sequences, start, end, sequence);
    }

    /** Where the first update behind a sequence would be. */
    private int indexAfter(long sequence) {
        int found = index(sequence + 1);
        return found >= 0 ? found : -found - 1;
    }

    private void makeRoom() {
        if (end < updates.length) return;
        int length = alive * 2 > updates.length ? updates.length * 2 : updates.length;
        @Nullable StoredUpdate[] kept = new StoredUpdate[length];
        long[] keptSequences = new long[length];
        int count = 0;
        for (int i = start; i < end; i++) {
            if (updates[i] == null) continue;
            kept[count] = updates[i];
            keptSequences[count++] = sequences[i];
        }
        updates = kept;
        sequences = keptSequences;
        start = 0;
        end = count;
    }

    /** The sequence of the update with this identifier, kept or gone; 0: it isn't known. */
    synchronized long find(String id) {
        StoredUpdate update = byId.get(id);
        return update != null ? update.sequence() : gone.getOrDefault(id, 0L);
    }

    /** Up to {@code most} updates behind a sequence, oldest first. */
    synchronized List<StoredUpdate> after(long sequence, int most) {
        List<StoredUpdate> found = new ArrayList<>();
        for (int i = indexAfter(sequence); i < end && found.size() < most; i++) {
            StoredUpdate update = updates[i];
            visited++;
            if (update != null) found.add(update);
        }
        return found;
    }

    /** The same of some topics, without a look at the others. */
    synchronized List<StoredUpdate> after(long sequence, int most, Set<String> ofTopics) {
        TreeSet<Long> found = new TreeSet<>();
        for (String topic : ofTopics) {
            TopicHistory history = topics.get(topic);
            if (history == null) continue;
            for (long each : history.after(sequence, most)) {
                visited++;
                found.add(each);
                if (found.size() > most) found.pollLast();
            }
        }
        return found.stream().map(this::at).toList();
    }

    /** The identifier of the last update that is kept before a sequence; null: there is none. */
    synchronized @Nullable String idBefore(long sequence) {
        for (int i = indexAfter(sequence - 1) - 1; i >= start; i--) {
            StoredUpdate update = updates[i];
            visited++;
            if (update != null) return update.id();
        }
        return null;
    }

    /**
     * Whether some of these topics may have lost something behind a sequence.
     *
     * @return the newest sequence that was lost; 0: none was
     */
    synchronized long lostOf(Set<String> ofTopics, long sequence) {
        long lost = 0;
        for (String topic : ofTopics) {
            TopicHistory history = topics.get(topic);
            long through = history == null ? forgottenThrough : history.lostThrough();
            if (through > sequence) lost = Math.max(lost, through);
        }
        return lost;
    }

    /** Up to {@code most} topics that have lost something behind a sequence, and until where. */
    synchronized Map<Topic, Long> losers(long sequence, int most) {
        Map<Topic, Long> losers = new HashMap<>();
        for (TopicHistory history : topics.values()) {
            if (history.lostThrough() > sequence)
                losers.put(history.topic(), history.lostThrough());
            if (losers.size() == most) break;
        }
        return losers;
    }

    /** The newest sequence of those that belonged to topics of which nothing is left. */
    synchronized long forgottenThrough() {
        return forgottenThrough;
    }
}
