/** The program: what {@code ./cardea} starts, and the server that it runs. */
@NullMarked
package dev.cardea.server;

import org.jspecify.annotations.NullMarked;
