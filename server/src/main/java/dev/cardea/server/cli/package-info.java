/** The command line: one class for each command of {@code ./cardea}. */
@NullMarked
package dev.cardea.server.cli;

import org.jspecify.annotations.NullMarked;
