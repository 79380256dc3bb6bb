/**
 * What npm {@code peerjs} and its server say to each other: JSON objects with a type, in WebSocket
 * messages. What a peer has to say to another is a payload that nobody here looks into.
 */
@NullMarked
package dev.cardea.wire.peerjs;

import org.jspecify.annotations.NullMarked;
