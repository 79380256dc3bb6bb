/**
 * NATS as the broker that nodes share. Loaded only where it is the broker.
 *
 * <p>The channels with history of a namespace are one JetStream stream, each a subject of it; what
 * is stored there NATS tells again on the subject that nodes listen to, with its sequence and that
 * of the one before. All else is told by core NATS.
 */
@NullMarked
package dev.cardea.server.nats;

import org.jspecify.annotations.NullMarked;
