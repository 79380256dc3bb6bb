package dev.cardea.messaging.hook;

import dev.cardea.messaging.auth.Fault;

/** What a hook says. */
public sealed interface Answer<T> {
    record Given<T>(T what) implements Answer<T> {}

    record Failed<T>(Fault why) implements Answer<T> {}
}
