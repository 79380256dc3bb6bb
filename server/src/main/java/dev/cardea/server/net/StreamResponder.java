package dev.cardea.server.net;

/** Where the response to one request goes, which may go on. */
public interface StreamResponder extends Responder {
    /**
     * Begins a response that goes on. From any thread; the source is told on the connection's event
     * loop. If the client has left meanwhile, or was answered before, nothing is begun, and the
     * source is told nothing.
     *
     * @param head the response without its body, which must be empty
     */
    void stream(Response head, StreamSource source);
}
