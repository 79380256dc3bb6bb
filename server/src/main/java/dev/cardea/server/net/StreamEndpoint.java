package dev.cardea.server.net;

/** Answers the requests of a route with a response that goes on, or with a whole one. */
@FunctionalInterface
public non-sealed interface StreamEndpoint extends Target {
    /**
     * Called on the connection's event loop, so it mustn't block. As with an {@link Endpoint},
     * whatever is thrown becomes a 500, and no answer in time a 503. Requests from web pages of
     * origins that aren't allowed don't get here: they are answered with 403.
     *
     * @param responder to be called once, now or later
     */
    void serve(Request request, StreamResponder responder);
}
