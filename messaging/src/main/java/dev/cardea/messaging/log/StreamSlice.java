package dev.cardea.messaging.log;

import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;

/**
 * A part of a channel's history, read at one moment.
 *
 * @param publications in the order that was asked for
 * @param top the stream's position at that moment
 * @param previous offset of what stands in the stream before the first of the publications, when
 *     they were asked for oldest first: who stands there has missed nothing else
 */
public record StreamSlice(List<Publication> publications, StreamPosition top, long previous) {
    /** Of a stream whose offsets are contiguous. */
    public StreamSlice(List<Publication> publications, StreamPosition top) {
        this(
                publications,
                top,
                publications.isEmpty() ? top.offset() : publications.getFirst().offset() - 1);
    }
}
