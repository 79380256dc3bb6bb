package dev.cardea.messaging.auth;

/** Tokens that are not believed any more, however good their signatures are. */
public sealed interface Revocation {
    /** When it is forgotten, Unix time; 0: when the server ends. */
    long expireAtSeconds();

    /** The token with this {@code jti}. */
    record OfToken(String id, long expireAtSeconds) implements Revocation {}

    /**
     * All tokens of a user from before a time; a token that doesn't say when it was issued is one
     * of them.
     *
     * @param channel subscription tokens for this channel alone; empty: all tokens
     */
    record OfUser(String user, String channel, long issuedBeforeSeconds, long expireAtSeconds)
            implements Revocation {}
}
