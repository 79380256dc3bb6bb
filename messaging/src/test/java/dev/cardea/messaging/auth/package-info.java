@NullMarked
package dev.cardea.messaging.auth;

import org.jspecify.annotations.NullMarked;
