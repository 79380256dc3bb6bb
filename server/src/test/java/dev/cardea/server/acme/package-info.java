@NullMarked
package dev.cardea.server.acme;

import org.jspecify.annotations.NullMarked;
