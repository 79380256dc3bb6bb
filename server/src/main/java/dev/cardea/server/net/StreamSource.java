package dev.cardea.server.net;

/**
 * What a response that goes on is made of. Knows nothing of the HTTP version that carries it.
 * Everything is called on the connection's event loop.
 */
public interface StreamSource {
    /** The loop that the request was served on, which is its connection's. */
    NettyLoop loop();

    /** The head is on its way: the body may be written, here and later. Called once, first. */
    void begin(ResponseStream stream);

    /** All that was pending is gone. */
    void writable();

    /**
     * The client sends nothing more. It may still be reading, or it may have gone: what is written
     * next tells.
     */
    void halfClosed();

    /** The response has ended, from either side. Called once, last. */
    void closed();
}
