@NullMarked
package dev.cardea.server.udp;

import org.jspecify.annotations.NullMarked;
