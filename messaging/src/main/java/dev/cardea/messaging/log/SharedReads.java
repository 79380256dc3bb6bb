package dev.cardea.messaging.log;

import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.SharedPublications;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * What was read of a log's history last: a crowd that comes back at once asks for the same again,
 * and is given the same, encoded once. Kept for no longer than the collector leaves it. Guarded by
 * the log's lock.
 */
final class SharedReads {
    private static final WeakReference<SharedPublications> NOTHING = new WeakReference<>(null);

    private WeakReference<SharedPublications> last = NOTHING;

    /**
     * @param entries a piece of history, in either order
     */
    List<Publication> publications(List<Entry> entries) {
        if (entries.size() < 2) return entries.stream().map(SharedReads::publication).toList();
        SharedPublications shared = last.get();
        if (shared != null && isOf(shared, entries)) return shared;
        shared = new SharedPublications(entries.stream().map(SharedReads::publication).toList());
        last = new WeakReference<>(shared);
        return shared;
    }

    /** Both are a piece of history: the same ends and length are the same piece. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isOf(SharedPublications shared, List<Entry> entries) {
        return shared.size() == entries.size()
                && shared.getFirst() == publication(entries.getFirst())
                && shared.getLast() == publication(entries.getLast());
    }

    private static Publication publication(Entry entry) {
        return ((Push.Pub) entry.push()).publication();
    }
}
