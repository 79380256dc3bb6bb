/** NATS as the broker, with real ones. */
@NullMarked
package dev.cardea.server.nats;

import org.jspecify.annotations.NullMarked;
