/** One client's connection as a state machine: commands in, replies and cursor moves out. */
@NullMarked
package dev.cardea.messaging.session;

import org.jspecify.annotations.NullMarked;
