/**
 * A channel as a bounded log of entries, and the cursor that reads it.
 *
 * <p>A log is appended under its own short lock and read by several event loops without one.
 */
@NullMarked
package dev.cardea.messaging.log;

import org.jspecify.annotations.NullMarked;
