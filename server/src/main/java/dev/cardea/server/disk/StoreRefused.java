package dev.cardea.server.disk;

/** The folder can't be used: why, and what would help. The server doesn't start. */
public final class StoreRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoreRefused(String message) {
        super(message);
    }

    StoreRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
