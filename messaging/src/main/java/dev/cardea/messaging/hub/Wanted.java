package dev.cardea.messaging.hub;

import dev.cardea.messaging.filter.TagsFilter;
import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Choice;
import dev.cardea.messaging.log.Cursor;
import dev.cardea.messaging.log.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber is to get of a channel, and how.
 *
 * @param presenceEvents joins and leaves, too
 * @param deltas patches where it can be; null: everything whole
 * @param filter null: everything
 */
public record Wanted(
        Encoding encoding,
        boolean presenceEvents,
        Encoding.@Nullable Deltas deltas,
        @Nullable TagsFilter filter) {

    /** Every publication, whole. */
    public static Wanted everything(Encoding encoding) {
        return new Wanted(encoding, false, null, null);
    }

    Cursor cursor(ChannelLog log, long head, Judges judges) {
        Choice choice = Choice.of(filter == null ? null : judges.join(filter), encoding, deltas);
        return new Cursor(log, encoding, head, presenceEvents, choice);
    }
}
