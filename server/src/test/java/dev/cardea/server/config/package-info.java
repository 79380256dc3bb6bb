@NullMarked
package dev.cardea.server.config;

import org.jspecify.annotations.NullMarked;
