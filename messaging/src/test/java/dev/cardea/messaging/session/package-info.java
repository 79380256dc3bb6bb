@NullMarked
package dev.cardea.messaging.session;

import org.jspecify.annotations.NullMarked;
