@NullMarked
package dev.cardea.server.mercure;

import org.jspecify.annotations.NullMarked;
