/**
 * A TURN server without sockets, threads or a clock (RFC 8656, RFC 8489): who may allocate, what an
 * allocation may reach, and for how long. One {@link dev.cardea.rtc.turn.TurnEngine} for each event
 * loop; what loops share is said to be safe for that.
 */
@NullMarked
package dev.cardea.rtc.turn;

import org.jspecify.annotations.NullMarked;
