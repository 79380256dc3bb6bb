/** The Mercure hub over HTTP: publishing, subscribing, who subscribes, and who may. */
@NullMarked
package dev.cardea.server.mercure;

import org.jspecify.annotations.NullMarked;
