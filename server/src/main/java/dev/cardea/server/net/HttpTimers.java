package dev.cardea.server.net;

import io.netty.util.concurrent.EventExecutor;

/** The timeouts of all HTTP connections of one event loop. */
record HttpTimers(
        Deadlines head,
        Deadlines body,
        Deadlines answer,
        Deadlines idle,
        Deadlines write,
        Deadlines linger) {
    static HttpTimers of(EventExecutor loop, HttpLimits limits) {
        return new HttpTimers(
                new Deadlines(loop, limits.headTimeout().toNanos()),
                new Deadlines(loop, limits.bodyTimeout().toNanos()),
                new Deadlines(loop, limits.answerTimeout().toNanos()),
                new Deadlines(loop, limits.idleTimeout().toNanos()),
                new Deadlines(loop, limits.writeTimeout().toNanos()),
                new Deadlines(loop, limits.lingerTimeout().toNanos()));
    }
}
