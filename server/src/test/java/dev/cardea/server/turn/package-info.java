/** TURN with the clients that coturn brings. */
@NullMarked
package dev.cardea.server.turn;

import org.jspecify.annotations.NullMarked;
