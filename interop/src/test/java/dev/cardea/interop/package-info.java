/** The Java SDK against a running server. */
@NullMarked
package dev.cardea.interop;

import org.jspecify.annotations.NullMarked;
