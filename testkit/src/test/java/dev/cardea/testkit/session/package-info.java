/** Sessions against the whole core, over the embedded broker and over one that is slow. */
@NullMarked
package dev.cardea.testkit.session;

import org.jspecify.annotations.NullMarked;
