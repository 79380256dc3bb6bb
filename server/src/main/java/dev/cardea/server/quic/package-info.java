/**
 * HTTP/3 and WebTransport, over QUIC on the UDP port of the same number. Loaded only where HTTP/3
 * is on.
 */
@NullMarked
package dev.cardea.server.quic;

import org.jspecify.annotations.NullMarked;
