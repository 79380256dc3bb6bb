/** Tracing: what a call took, and of which larger one it is a part (OpenTelemetry). */
@NullMarked
package dev.cardea.server.trace;

import org.jspecify.annotations.NullMarked;
