/** What the server counts, for Prometheus and for the demo pages. */
@NullMarked
package dev.cardea.server.metrics;

import org.jspecify.annotations.NullMarked;
