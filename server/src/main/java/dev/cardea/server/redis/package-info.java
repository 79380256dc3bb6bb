/**
 * Redis as the broker that nodes share. Loaded only where it is the engine.
 *
 * <p>A channel's stream is a hash (where it stands) and a Redis stream (its history), written and
 * read by the scripts beside this package; what is appended is told over PUB/SUB in the same step.
 */
@NullMarked
package dev.cardea.server.redis;

import org.jspecify.annotations.NullMarked;
