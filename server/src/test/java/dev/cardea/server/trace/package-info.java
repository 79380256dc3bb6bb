@NullMarked
package dev.cardea.server.trace;

import org.jspecify.annotations.NullMarked;
