/** The whole server, from its start to its end. */
@NullMarked
package dev.cardea.server;

import org.jspecify.annotations.NullMarked;
