/** What clients may do to a running server, and what they get for it. */
@NullMarked
package dev.cardea.server.hostile;

import org.jspecify.annotations.NullMarked;
