/** JMH benchmarks of single steps on a message's way. */
@NullMarked
package dev.cardea.benchmarks;

import org.jspecify.annotations.NullMarked;
