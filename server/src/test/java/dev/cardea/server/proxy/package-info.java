@NullMarked
package dev.cardea.server.proxy;

import org.jspecify.annotations.NullMarked;
