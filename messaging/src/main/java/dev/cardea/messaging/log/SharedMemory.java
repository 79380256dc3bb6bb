package dev.cardea.messaging.log;

/**
 * A publication's data that its own entry needs, and the next one to be sent as a patch: it counts
 * once, for as long as either is there. Guarded by the log's lock.
 */
final class SharedMemory {
    private final int bytes;
    private int holders = 1;

    SharedMemory(int bytes) {
        this.bytes = bytes;
    }

    void hold() {
        holders++;
    }

    /** Returns the bytes that nobody holds any more. */
    int release() {
        return --holders == 0 ? bytes : 0;
    }

    int bytes() {
        return bytes;
    }
}
