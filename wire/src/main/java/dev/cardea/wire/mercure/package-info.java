/**
 * What a Mercure hub reads and writes, of both generations of the protocol: selectors of topics,
 * updates as forms, events, URLs.
 */
@NullMarked
package dev.cardea.wire.mercure;

import org.jspecify.annotations.NullMarked;
