/**
 * Sockets: the only place that knows Netty. What a connection reads goes on as plain values, what
 * it writes comes as plain values.
 */
@NullMarked
package dev.cardea.server.net;

import org.jspecify.annotations.NullMarked;
