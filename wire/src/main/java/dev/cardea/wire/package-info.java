/**
 * What every codec shares: immutable bytes, a growing byte writer, and the one way to refuse bytes.
 */
@NullMarked
package dev.cardea.wire;

import org.jspecify.annotations.NullMarked;
