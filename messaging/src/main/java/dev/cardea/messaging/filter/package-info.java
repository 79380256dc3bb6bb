/** Which publications a subscriber wants, by their tags. */
@NullMarked
package dev.cardea.messaging.filter;

import org.jspecify.annotations.NullMarked;
