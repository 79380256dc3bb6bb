@NullMarked
package dev.cardea.server.metrics;

import org.jspecify.annotations.NullMarked;
