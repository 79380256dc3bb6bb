@NullMarked
package dev.cardea.server.dev;

import org.jspecify.annotations.NullMarked;
