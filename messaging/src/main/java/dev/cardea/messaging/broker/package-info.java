/** Who orders and keeps publications: this process itself, or a broker that several nodes share. */
@NullMarked
package dev.cardea.messaging.broker;

import org.jspecify.annotations.NullMarked;
