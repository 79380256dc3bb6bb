package dev.cardea.wire;

/**
 * The bytes break their protocol. Thrown by codecs only; the caller decides which close code that
 * is.
 *
 * <p>It has no stack trace, so that hostile input costs no more to refuse than to accept.
 */
public final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong, without any of the bytes: it may go back to the peer
     */
    public Malformed(String message) {
        super(message, null, false, false);
    }
}
