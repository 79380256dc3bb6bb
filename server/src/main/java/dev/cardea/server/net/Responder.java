package dev.cardea.server.net;

/** Where the response to one request goes. May be called from any thread, at any time, once. */
@FunctionalInterface
public interface Responder {
    /**
     * A second response is dropped, and so is one that comes after the client has left.
     *
     * @param response the client sees it at once
     */
    void respond(Response response);
}
