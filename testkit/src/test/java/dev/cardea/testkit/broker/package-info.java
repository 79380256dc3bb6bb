@NullMarked
package dev.cardea.testkit.broker;

import org.jspecify.annotations.NullMarked;
