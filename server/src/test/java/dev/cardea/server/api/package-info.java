@NullMarked
package dev.cardea.server.api;

import org.jspecify.annotations.NullMarked;
