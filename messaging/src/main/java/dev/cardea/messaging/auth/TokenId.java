package dev.cardea.messaging.auth;

/**
 * By what a token can be revoked.
 *
 * @param id its {@code jti}; empty if it has none
 * @param issuedAtSeconds its {@code iat}, Unix time; 0 if it has none
 */
public record TokenId(String id, long issuedAtSeconds) {
    /** Came without a token, or with one that an application's backend has vouched for. */
    public static final TokenId NONE = new TokenId("", Long.MAX_VALUE);
}
