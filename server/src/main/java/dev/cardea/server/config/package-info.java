/**
 * What the operator may set: one record for each group of keys, with its defaults and meanings, and
 * the reading of files, environment and flags into them.
 *
 * <p>Where a key means what Centrifugo's means, it has Centrifugo's name and default.
 */
@NullMarked
package dev.cardea.server.config;

import org.jspecify.annotations.NullMarked;
