@NullMarked
package dev.cardea.messaging.cluster;

import org.jspecify.annotations.NullMarked;
