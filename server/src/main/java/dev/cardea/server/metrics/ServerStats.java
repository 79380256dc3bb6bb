package dev.cardea.server.metrics;

import dev.cardea.messaging.hub.SlowConsumer;
import java.util.Map;

/**
 * The server at one moment, for people to look at.
 *
 * @param timeMillis Unix time
 * @param publicationsPerSecond since the sample before
 * @param deliveriesPerSecond the same for publications given to connections, joins and leaves too
 * @param pendingBytes written, and not taken by the peers
 * @param lapped cursors that fell too far behind since the start, by what was done then
 * @param cpu share of all cores since the sample before, 0 to 1
 */
public record ServerStats(
        long timeMillis,
        long connections,
        long subscriptions,
        double publicationsPerSecond,
        double deliveriesPerSecond,
        long pendingBytes,
        Map<SlowConsumer, Long> lapped,
        long heapBytes,
        double cpu) {}
