/**
 * PeerServer's protocol, without a socket, a thread or a clock: who has which id, who is told what
 * by whom, and what waits for peers that aren't there. Realms of several nodes find each other's
 * peers by asking: a registration is where its connection is, and nowhere else, so that none
 * outlives it.
 */
@NullMarked
package dev.cardea.messaging.peerjs;

import org.jspecify.annotations.NullMarked;
