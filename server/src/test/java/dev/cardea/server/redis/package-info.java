/** Redis as the broker, with a real one. */
@NullMarked
package dev.cardea.server.redis;

import org.jspecify.annotations.NullMarked;
