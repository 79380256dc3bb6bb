package dev.cardea.server.redis;

/**
 * How many replicas must have what was appended before it is called published, and how long they
 * may take.
 *
 * @param replicas 0: nobody is waited for
 */
record Replication(int replicas, long timeoutMillis) {
    boolean isAwaited() {
        return replicas > 0;
    }
}
