package dev.cardea.messaging.log;

import org.jspecify.annotations.Nullable;

/**
 * What a cursor does with publications, if it isn't to give each of them whole: leaves out what its
 * filter doesn't pass, and gives patches. Belongs to the cursor.
 *
 * <p>A patch goes only to a subscriber whose last delivered publication is the patch's base.
 */
public final class Choice {
    private static final long NONE = 0; // sequences and offsets begin at 1

    private final @Nullable Judge judge;
    private final Encoding encoding;
    private final Encoding.@Nullable Deltas deltas;

    /** The publication that the subscriber got last, by its sequence or else by its offset. */
    private long deliveredSequence = NONE;

    private long deliveredOffset = NONE;

    private Choice(@Nullable Judge judge, Encoding encoding, Encoding.@Nullable Deltas deltas) {
        this.judge = judge;
        this.encoding = encoding;
        this.deltas = deltas;
    }

    /** Null: every publication, whole. */
    public static @Nullable Choice of(
            @Nullable Judge judge, Encoding encoding, Encoding.@Nullable Deltas deltas) {
        return judge == null && deltas == null ? null : new Choice(judge, encoding, deltas);
    }

    public @Nullable Judge judge() {
        return judge;
    }

    /** A reply gave the subscriber a publication, the newest of it with this offset. */
    void delivered(long offset) {
        deliveredOffset = offset;
        deliveredSequence = NONE;
    }

    /** Null: the subscriber doesn't get it. */
    @Nullable Frame frame(Entry entry) {
        if (entry.isPresenceEvent()) return entry.frame(encoding);
        if (judge != null && !judge.passes(entry)) return null;
        if (deltas == null) return entry.frame(encoding);
        Base base = entry.base();
        Encoding chosen = base != null && has(base) ? deltas.patch() : deltas.whole();
        deliveredSequence = entry.sequence();
        deliveredOffset = NONE;
        return entry.frame(chosen);
    }

    private boolean has(Base base) {
        return deliveredSequence != NONE
                ? deliveredSequence == base.sequence()
                : deliveredOffset != NONE && deliveredOffset == base.offset();
    }
}
