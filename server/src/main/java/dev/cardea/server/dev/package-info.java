/** What {@code ./cardea dev} adds to the server: something to look at on the demo pages. */
@NullMarked
package dev.cardea.server.dev;

import org.jspecify.annotations.NullMarked;
