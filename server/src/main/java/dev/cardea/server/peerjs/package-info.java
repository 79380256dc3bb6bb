/**
 * {@code /peerjs}: PeerServer's protocol for npm {@code peerjs}. What is said is {@code
 * messaging.peerjs}'s; here are its sockets, its HTTP pages, and the way to other nodes.
 */
@NullMarked
package dev.cardea.server.peerjs;

import org.jspecify.annotations.NullMarked;
