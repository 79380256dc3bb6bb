@NullMarked
package dev.cardea.server.quic;

import org.jspecify.annotations.NullMarked;
