package dev.cardea.wire.centrifuge;

/**
 * A place in a channel's stream.
 *
 * @param offset unsigned 64-bit; the offset of the last publication known
 * @param epoch changes when the stream is begun anew
 */
public record StreamPosition(long offset, String epoch) {}
