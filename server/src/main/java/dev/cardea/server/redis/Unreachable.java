package dev.cardea.server.redis;

/** Redis can't be asked now. */
final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreachable(String why) {
        super(why, null, false, false);
    }
}
