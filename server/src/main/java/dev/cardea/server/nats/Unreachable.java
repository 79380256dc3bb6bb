package dev.cardea.server.nats;

/** NATS isn't there, or doesn't answer. */
final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreachable(String message) {
        super(message, null, false, false);
    }
}
