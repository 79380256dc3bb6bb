/** A broker that several nodes of one process share, as they would share Redis or NATS. */
@NullMarked
package dev.cardea.testkit.broker;

import org.jspecify.annotations.NullMarked;
