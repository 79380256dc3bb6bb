/**
 * The WebSocket protocol, RFC 6455: frames to messages and back, and the opening handshake.
 *
 * <p>Nothing here reads a socket. The same reader and writer serve both sides, because the test
 * client and the load generator speak through them too.
 */
@NullMarked
package dev.cardea.wire.websocket;

import org.jspecify.annotations.NullMarked;
