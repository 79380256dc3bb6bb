/** What the hub keeps and what it forgets, with real sessions as its readers. */
@NullMarked
package dev.cardea.testkit.mercure;

import org.jspecify.annotations.NullMarked;
