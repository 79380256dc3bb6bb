package dev.cardea.server.auth;

/** What came of looking at a token. */
public sealed interface Verification<T> {
    /** The token is genuine, and it is its time. */
    record Valid<T>(T token) implements Verification<T> {}

    /**
     * The token is genuine, but it isn't its time (any more, or yet): the client asks for another.
     */
    record Expired<T>() implements Verification<T> {}

    /**
     * The token is not to be believed.
     *
     * @param reason for the log only: a client that guesses shall not learn how near it is
     */
    record Invalid<T>(String reason) implements Verification<T> {}
}
