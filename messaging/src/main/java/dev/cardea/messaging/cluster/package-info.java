/** The nodes that share a broker, as one of them knows the others. */
@NullMarked
package dev.cardea.messaging.cluster;

import org.jspecify.annotations.NullMarked;
