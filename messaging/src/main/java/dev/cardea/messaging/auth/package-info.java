/**
 * Who a client is and what it may do, decided by whoever the server asks: tokens here, the
 * application's backend later.
 */
@NullMarked
package dev.cardea.messaging.auth;

import org.jspecify.annotations.NullMarked;
