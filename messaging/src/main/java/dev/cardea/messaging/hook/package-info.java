/** What the application's backend is asked while a connection lives. */
@NullMarked
package dev.cardea.messaging.hook;

import org.jspecify.annotations.NullMarked;
