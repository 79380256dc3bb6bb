/** Certificates and keys as operators have them: PEM, in a file or written out. Knows no Netty. */
@NullMarked
package dev.cardea.server.tls;

import org.jspecify.annotations.NullMarked;
