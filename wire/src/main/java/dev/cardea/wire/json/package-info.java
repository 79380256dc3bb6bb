/** JSON (RFC 8259) read and written in place: no tree, no reflection, nothing lenient. */
@NullMarked
package dev.cardea.wire.json;

import org.jspecify.annotations.NullMarked;
