/** Clients over real sockets, for scripted and hostile tests against a running server. */
@NullMarked
package dev.cardea.testkit.websocket;

import org.jspecify.annotations.NullMarked;
