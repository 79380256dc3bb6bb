package dev.cardea.server.disk;

/** The disk didn't take it, or too much waits for the disk: nothing was published. */
final class NotWritten extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotWritten(String message) {
        super(message, null, false, false);
    }
}
