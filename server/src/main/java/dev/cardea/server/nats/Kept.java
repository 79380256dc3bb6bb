package dev.cardea.server.nats;

import dev.cardea.messaging.broker.Mark;
import dev.cardea.wire.centrifuge.Publication;

/**
 * A publication of a channel, as it is stored.
 *
 * @param unixMillis when, by NATS's clock
 */
record Kept(long offset, long unixMillis, Messages.Stored stored) {
    Mark at(String epoch) {
        return new Mark(epoch, offset, stored.nonce());
    }

    Publication publication(String epoch) {
        return stored.publication().withOffset(offset, epoch);
    }
}
