/**
 * Channels and who reads them, sharded by event loop: an append wakes the loops that have readers,
 * no more.
 */
@NullMarked
package dev.cardea.messaging.hub;

import org.jspecify.annotations.NullMarked;
