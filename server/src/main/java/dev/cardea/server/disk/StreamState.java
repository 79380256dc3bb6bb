package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Mark;

/** Where a stream stands, with what is being written. For the writer's thread alone. */
final class StreamState {
    final long id;
    final String channel;

    /** False: there is no row of it yet. */
    boolean isKept;

    String epoch;
    long life;
    long top;
    long version;
    String versionEpoch;
    long ttlMillis;
    long metaTtlMillis;
    long writtenMillis;

    /** Up to where publications were removed from the database. */
    long removedTo;

    /** So many publications are to be kept; what is above it is removed now and then. */
    int size;

    StreamState(long id, String channel, String epoch, long life) {
        this.id = id;
        this.channel = channel;
        this.epoch = epoch;
        this.life = life;
        this.versionEpoch = "";
    }

    Mark mark() {
        return new Mark(epoch, top, 0);
    }

    /** Whether a publication of this version says something new; then it is the newest. */
    boolean takes(long newVersion, String newEpoch) {
        if (newVersion == 0) return true;
        boolean isComparable = newEpoch.isEmpty() || newEpoch.equals(versionEpoch);
        if (isComparable && Long.compareUnsigned(newVersion, version) <= 0) return false;
        version = newVersion;
        if (!newEpoch.isEmpty()) versionEpoch = newEpoch;
        return true;
    }
}
