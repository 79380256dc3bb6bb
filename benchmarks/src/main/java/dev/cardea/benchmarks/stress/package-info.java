/** Races that jcstress tries millions of times: what a reader may see while others write. */
@NullMarked
package dev.cardea.benchmarks.stress;

import org.jspecify.annotations.NullMarked;
