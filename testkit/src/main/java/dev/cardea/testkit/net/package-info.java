/** What stands between clients and servers. */
@NullMarked
package dev.cardea.testkit.net;

import org.jspecify.annotations.NullMarked;
