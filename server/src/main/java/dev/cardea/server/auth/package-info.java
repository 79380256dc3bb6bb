/** Tokens: who a client says it is, and whether that is so. */
@NullMarked
package dev.cardea.server.auth;

import org.jspecify.annotations.NullMarked;
