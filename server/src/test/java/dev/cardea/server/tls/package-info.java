/** Certificates and keys that openssl wrote. */
@NullMarked
package dev.cardea.server.tls;

import org.jspecify.annotations.NullMarked;
