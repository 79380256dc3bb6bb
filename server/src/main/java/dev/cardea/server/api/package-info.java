/** Centrifugo's HTTP API, for the application's backend: JSON in, JSON out, an API key. */
@NullMarked
package dev.cardea.server.api;

import org.jspecify.annotations.NullMarked;
