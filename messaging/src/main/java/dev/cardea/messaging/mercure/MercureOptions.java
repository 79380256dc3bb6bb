package dev.cardea.messaging.mercure;

/**
 * How a hub treats its subscribers.
 *
 * @param subscriptions whether it tells who subscribes to what
 * @param heartbeatNanos between two comments that keep a connection alive; 0: none
 * @param writeTimeoutNanos how long a connection lasts at most; 0: as long as it likes
 * @param dispatchTimeoutNanos how long a subscriber may take nothing of what is written for it; and
 *     by so much a connection ends before its time
 * @param highWaterBytes what is written for a subscriber before it has taken what was before
 */
public record MercureOptions(
        boolean subscriptions,
        long heartbeatNanos,
        long writeTimeoutNanos,
        long dispatchTimeoutNanos,
        int highWaterBytes) {}
