@NullMarked
package dev.cardea.messaging.api;

import org.jspecify.annotations.NullMarked;
