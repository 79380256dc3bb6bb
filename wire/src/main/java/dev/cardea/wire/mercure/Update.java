package dev.cardea.wire.mercure;

import dev.cardea.wire.Bytes;
import java.util.List;

/**
 * A new version of something, as subscribers are sent it.
 *
 * @param topics the canonical one first, then its alternates; at least one
 * @param isPrivate only for subscribers whose token has one of the topics
 * @param id empty: the hub makes one
 * @param type the event's; empty: {@code message}
 * @param retryMillis {@link #NO_RETRY}: nothing is said
 * @param data UTF-8
 */
public record Update(
        List<Topic> topics,
        boolean isPrivate,
        String id,
        String type,
        long retryMillis,
        Bytes data) {
    public static final long NO_RETRY = -1;

    public Update withId(String id) {
        return new Update(topics, isPrivate, id, type, retryMillis, data);
    }
}
