package dev.cardea.messaging.log;

import org.jspecify.annotations.Nullable;

/**
 * The newest run of each encoding, for the cursors of one event loop: a turn visits a channel's
 * readers one after the other, and most of them stand at the same place. Belongs to that loop.
 *
 * <p>A run is made for the second cursor that comes by, so a reader that is alone costs nothing.
 */
public final class Runs {
    /** No entry is begun in a run that is as long as this. */
    private static final int RUN_BYTES = 16 * 1024;

    /** As many runs of one encoding as a connection may be given in one batch, or a few more. */
    private static final int PLACES = 8;

    private final Place[][] places = new Place[Encoding.MAX][PLACES];
    private int newest;

    /** A bit for each encoding that was asked for since {@link #clear}. */
    private int used;

    public Runs() {
        for (Place[] ofEncoding : places) {
            for (int i = 0; i < PLACES; i++) ofEncoding[i] = new Place();
        }
    }

    /** The run that starts at {@code from}; null if nobody has read there just before. */
    @Nullable Run at(ChannelLog log, Gate gate, long from, long limit, Encoding encoding) {
        Place[] ofEncoding = places[encoding.index()];
        for (int i = 0; i < PLACES; i++) {
            Place place = ofEncoding[(newest + i) % PLACES];
            if (!place.isAt(gate, from, limit)) continue;
            if (!place.tried) place.make(log, encoding, RUN_BYTES);
            return place.run;
        }
        newest = (newest + PLACES - 1) % PLACES;
        ofEncoding[newest].moveTo(gate, from, limit);
        used |= 1 << encoding.index();
        return null;
    }

    /** Lets go of what it holds: between turns nothing is kept. */
    public void clear() {
        for (; used != 0; used &= used - 1) {
            for (Place place : places[Integer.numberOfTrailingZeros(used)])
                place.moveTo(null, 0, 0);
        }
    }

    private static final class Place {
        private @Nullable Gate gate;
        private long from;
        private long limit;
        private boolean tried;
        private @Nullable Run run;

        @SuppressWarnings(
                "ReferenceEquality") // a gate is one channel on one loop, nothing equals it
        boolean isAt(Gate gate, long from, long limit) {
            return this.from == from && this.limit == limit && this.gate == gate;
        }

        void make(ChannelLog log, Encoding encoding, int roomBytes) {
            tried = true;
            if (gate != null) run = Run.of(log, gate, from, limit, encoding, roomBytes);
        }

        void moveTo(@Nullable Gate gate, long from, long limit) {
            this.gate = gate;
            this.from = from;
            this.limit = limit;
            this.tried = false;
            this.run = null;
        }
    }
}
