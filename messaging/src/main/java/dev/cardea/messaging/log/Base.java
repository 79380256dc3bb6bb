package dev.cardea.messaging.log;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import org.jspecify.annotations.Nullable;

/**
 * The publication that an entry can be sent as a patch of: the one before it in the channel.
 *
 * @param offset 0: it has none
 * @param memory what keeps the data counted while either of the two needs it
 */
public record Base(long sequence, long offset, Bytes data, SharedMemory memory) {
    static @Nullable Base of(Entry entry) {
        Publication publication = entry.publication();
        return publication == null
                ? null
                : new Base(
                        entry.sequence(),
                        entry.offset(),
                        publication.data(),
                        entry.shareData(publication.data()));
    }
}
