/** That the pages of the documentation tell of what is there. */
@NullMarked
package dev.cardea.server.docs;

import org.jspecify.annotations.NullMarked;
