/** Placeholder. */
@org.jspecify.annotations.NullMarked
package dev.cardea.messaging;
