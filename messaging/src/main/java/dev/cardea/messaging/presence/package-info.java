/** Who is in a channel. */
@NullMarked
package dev.cardea.messaging.presence;

import org.jspecify.annotations.NullMarked;
