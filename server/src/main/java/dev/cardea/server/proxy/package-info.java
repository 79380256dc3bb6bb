/** Asks the application's backend over HTTP what clients may do (Centrifugo's proxies). */
@NullMarked
package dev.cardea.server.proxy;

import org.jspecify.annotations.NullMarked;
