@NullMarked
package dev.cardea.server.cli;

import org.jspecify.annotations.NullMarked;
