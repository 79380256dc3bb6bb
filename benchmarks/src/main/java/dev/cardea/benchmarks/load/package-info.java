/**
 * The load generator: one thread on one core that is many WebSocket clients of Centrifugo's JSON
 * protocol, counts what they receive, checks that it came exactly once and in order, and reads the
 * server's CPU time and memory from Linux.
 */
@NullMarked
package dev.cardea.benchmarks.load;

import org.jspecify.annotations.NullMarked;
