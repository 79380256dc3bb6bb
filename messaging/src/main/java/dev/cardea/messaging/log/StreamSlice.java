package dev.cardea.messaging.log;

import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;

/**
 * A part of a channel's history, read at one moment.
 *
 * @param publications in the order that was asked for
 * @param top the stream's position at that moment
 */
public record StreamSlice(List<Publication> publications, StreamPosition top) {}
