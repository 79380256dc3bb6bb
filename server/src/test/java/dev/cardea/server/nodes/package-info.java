/** Redis as the broker, with a real one. */
@NullMarked
package dev.cardea.server.nodes;

import org.jspecify.annotations.NullMarked;
