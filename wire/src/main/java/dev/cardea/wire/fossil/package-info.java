/**
 * Deltas in the format of the Fossil version control system: a patch makes one payload out of
 * another.
 *
 * <pre>
 * patch    = size "\n" *command checksum ";"      size and checksum are those of the result
 * command  = length "@" offset ","                copies from the base
 *          / length ":" *byte                     inserts what follows
 * </pre>
 *
 * Numbers are written with 64 digits: {@code 0-9 A-Z _ a-z ~}. The checksum is the sum of all
 * big-endian 32-bit words, the last one filled up with zeros, modulo 2^32.
 */
@NullMarked
package dev.cardea.wire.fossil;

import org.jspecify.annotations.NullMarked;
