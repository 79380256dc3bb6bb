package dev.cardea.messaging.log;

import dev.cardea.messaging.filter.TagsFilter;
import dev.cardea.wire.centrifuge.Publication;
import org.jspecify.annotations.Nullable;

/**
 * One tags filter, for all cursors that have an equal one in a channel and on an event loop: each
 * entry is judged once. Belongs to the loop.
 */
public final class Judge {
    /** How far apart its cursors may be without an entry being judged again. A power of two. */
    private static final int REMEMBERED = 64;

    private final TagsFilter filter;

    /** Cursors that ask. */
    private int users;

    /** By a sequence's low bits: twice the sequence that was judged, and 1 if it passed. */
    private long @Nullable [] verdicts;

    private long judged;

    public Judge(TagsFilter filter) {
        this.filter = filter;
    }

    public TagsFilter filter() {
        return filter;
    }

    public void join() {
        users++;
        if (users == 2) verdicts = new long[REMEMBERED];
    }

    /** Whether nobody is left to ask. */
    public boolean leave() {
        return --users == 0;
    }

    /** How often it looked at an entry's tags. */
    public long judged() {
        return judged;
    }

    boolean passes(Entry entry) {
        long[] verdicts = this.verdicts;
        if (verdicts == null) return judge(entry);
        long twice = entry.sequence() << 1;
        int slot = (int) entry.sequence() & (REMEMBERED - 1);
        long known = verdicts[slot];
        if ((known & ~1) == twice) return (known & 1) != 0;
        boolean passes = judge(entry);
        verdicts[slot] = twice | (passes ? 1 : 0);
        return passes;
    }

    private boolean judge(Entry entry) {
        judged++;
        Publication publication = entry.publication();
        return publication == null || filter.passes(publication.tags());
    }
}
