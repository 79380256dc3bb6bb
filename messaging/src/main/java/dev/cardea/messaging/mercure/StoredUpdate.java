package dev.cardea.messaging.mercure;

import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.mercure.Topic;
import java.util.Arrays;
import java.util.List;

/**
 * An update in the hub's log, with the event that all its subscribers are sent. Its content never
 * changes; collected when nobody holds it.
 */
public final class StoredUpdate {
    /** Objects, references, places in tables: an estimate. */
    private static final int OVERHEAD_BYTES = 256;

    private static final int OVERHEAD_OF_TOPIC_BYTES = 160;

    private final long sequence;
    private final List<Topic> topics;
    private final boolean isPrivate;
    private final String id;
    private final Frame event;
    private final long appendedNanos;
    private final int bytes;

    /** Topics whose history has it; guarded by the log's lock. */
    int holders;

    StoredUpdate(
            long sequence,
            List<Topic> topics,
            boolean isPrivate,
            String id,
            Frame event,
            long appendedNanos) {
        this.sequence = sequence;
        this.topics = topics;
        this.isPrivate = isPrivate;
        this.id = id;
        this.event = event;
        this.appendedNanos = appendedNanos;
        int size = OVERHEAD_BYTES + 2 * id.length() + event.lengthBytes();
        for (Topic topic : topics) size += OVERHEAD_OF_TOPIC_BYTES + 2 * topic.text().length();
        this.bytes = size;
    }

    public long sequence() {
        return sequence;
    }

    public List<Topic> topics() {
        return topics;
    }

    public boolean isPrivate() {
        return isPrivate;
    }

    public String id() {
        return id;
    }

    public Frame event() {
        return event;
    }

    long appendedNanos() {
        return appendedNanos;
    }

    /** What it takes of memory, about. */
    int bytes() {
        return bytes;
    }

    /** Whether a publisher has repeated itself. */
    boolean says(List<Topic> otherTopics, boolean otherIsPrivate, Frame otherEvent) {
        return isPrivate == otherIsPrivate
                && topics.equals(otherTopics)
                && Arrays.equals(event.bytes(), otherEvent.bytes());
    }
}
