package dev.cardea.wire.websocket;

/**
 * The peer broke the protocol, or sent more than it may: the connection is to be failed with this
 * close code (RFC 6455 section 7.1.7). It has no stack trace, so that hostile input costs no more
 * to refuse than to accept.
 */
public final class ProtocolError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    ProtocolError(int closeCode, String message) {
        super(message, null, false, false);
        this.closeCode = closeCode;
    }

    /** 1002, 1007 or 1009. */
    public int closeCode() {
        return closeCode;
    }
}
