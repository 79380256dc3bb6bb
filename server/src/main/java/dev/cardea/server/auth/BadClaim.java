package dev.cardea.server.auth;

/** A claim isn't what it has to be. */
final class BadClaim extends Exception {
    private static final long serialVersionUID = 1;

    BadClaim(String message) {
        super(message, null, false, false);
    }
}
