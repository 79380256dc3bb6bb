/** How often something may be done: token buckets, with time as an argument. */
@NullMarked
package dev.cardea.messaging.limit;

import org.jspecify.annotations.NullMarked;
