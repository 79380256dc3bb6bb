package dev.cardea.benchmarks.load;

/** How a client comes to the server. */
enum Door {
    WEBSOCKET,
    /** Server-sent events: it only listens. */
    EVENTS,
    /** The HTTP API, one request behind the other: it only publishes. */
    API
}
