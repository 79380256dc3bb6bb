/**
 * STUN and TURN messages: RFC 8489, RFC 8656, with the attributes of RFC 6062 (TCP relays) and RFC
 * 5780 (behaviour discovery). Messages are read where they lie, and written into a buffer that is
 * used again.
 */
@NullMarked
package dev.cardea.wire.stun;

import org.jspecify.annotations.NullMarked;
