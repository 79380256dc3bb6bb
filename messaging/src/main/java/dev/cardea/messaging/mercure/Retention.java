package dev.cardea.messaging.mercure;

/**
 * How much of what was published the hub keeps. What goes first is what came first: of a topic, or
 * of all.
 *
 * @param topicSize updates of one topic
 * @param topicBytes the same in bytes; its newest update stays in any case
 * @param ttlNanos how long an update is kept
 * @param size updates of all topics
 * @param bytes the same in bytes
 */
public record Retention(int topicSize, long topicBytes, long ttlNanos, int size, long bytes) {}
