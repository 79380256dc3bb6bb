package dev.cardea.server.net;

/** Answers the requests of a route. */
@FunctionalInterface
public non-sealed interface Endpoint extends Target {
    /**
     * Called on the connection's event loop, so it mustn't block. The connection reads no further
     * request until the response is written. Whatever is thrown becomes a 500, and {@link
     * HttpLimits#answerTimeout} without an answer a 503.
     *
     * @param responder to be called once, now or later
     */
    void serve(Request request, Responder responder);
}
