package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.Delivery;

/**
 * A delivery's owner that belongs to a session: of the connection itself, or of one of its lanes.
 */
interface OfSession extends Delivery.Owner {
    Session session();
}
