/**
 * The Mercure hub: one log of updates, and subscribers that read of it what they select. Knows
 * nothing of HTTP.
 */
@NullMarked
package dev.cardea.messaging.mercure;

import org.jspecify.annotations.NullMarked;
