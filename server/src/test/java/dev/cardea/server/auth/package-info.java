@NullMarked
package dev.cardea.server.auth;

import org.jspecify.annotations.NullMarked;
