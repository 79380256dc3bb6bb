/**
 * The core without a network: event loops, time and connections that a test plays through in one
 * thread, a client that is told what to say, and a broker that delays, reorders and fails.
 */
@NullMarked
package dev.cardea.testkit;

import org.jspecify.annotations.NullMarked;
