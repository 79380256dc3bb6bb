@NullMarked
package dev.cardea.server.disk;

import org.jspecify.annotations.NullMarked;
