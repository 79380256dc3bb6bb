package dev.cardea.messaging.broker;

import dev.cardea.wire.centrifuge.StreamPosition;

/**
 * One publication's place in a stream, and which publication it is. A broker that has failed over
 * to a copy that lagged gives the same offsets once more, to others: the nonce tells them apart.
 *
 * @param epoch which life of the stream
 * @param offset unsigned; 0: before the first one
 * @param nonce drawn anew for every publication; 0 before the first one
 */
public record Mark(String epoch, long offset, long nonce) {
    public StreamPosition position() {
        return new StreamPosition(offset, epoch);
    }

    /** Whether it is the very same publication of the same stream. */
    boolean isSame(Mark other) {
        return isAt(other.offset, other.nonce) && epoch.equals(other.epoch);
    }

    /**
     * @param otherNonce 0: not known, so that the offset decides
     */
    boolean isAt(long otherOffset, long otherNonce) {
        return offset == otherOffset && (otherNonce == 0 || nonce == otherNonce);
    }
}
