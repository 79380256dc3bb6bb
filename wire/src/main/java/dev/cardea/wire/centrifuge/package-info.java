/**
 * The Centrifugo client protocol: its messages as values, and its two encodings, JSON and Protobuf.
 *
 * <p>Names and meanings are those of the protocol's Protobuf definitions (package {@code
 * centrifugal.centrifuge.protocol}). In JSON, payloads are raw embedded JSON.
 */
@NullMarked
package dev.cardea.wire.centrifuge;

import org.jspecify.annotations.NullMarked;
