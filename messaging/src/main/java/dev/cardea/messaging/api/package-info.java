/** What an application's backend may ask of the server, whatever it asks it through. */
@NullMarked
package dev.cardea.messaging.api;

import org.jspecify.annotations.NullMarked;
