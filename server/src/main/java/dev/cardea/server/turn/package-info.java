/**
 * The sockets of STUN and TURN: UDP, TCP and TLS for clients, and relays for their peers. Not a
 * class of it is loaded unless {@code turn.enabled} is set.
 */
@NullMarked
package dev.cardea.server.turn;

import org.jspecify.annotations.NullMarked;
