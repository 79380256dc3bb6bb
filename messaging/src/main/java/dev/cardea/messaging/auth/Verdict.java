package dev.cardea.messaging.auth;

/** What an {@link Authenticator} says. */
public sealed interface Verdict<T> {
    record Granted<T>(T what) implements Verdict<T> {}

    /** The token was good once: the client gets another one and comes back (error 109). */
    record Expired<T>() implements Verdict<T> {}

    /**
     * The token is no good.
     *
     * @param reason for the log; it never goes to the client
     */
    record Invalid<T>(String reason) implements Verdict<T> {}

    /** The token is good, but for another channel, client or user. */
    record Mismatched<T>(String reason) implements Verdict<T> {}

    /** Neither a token nor permission to come without one. */
    record Missing<T>() implements Verdict<T> {}

    /** Known, but not let in (a connection token without a user, where those are not allowed). */
    record Forbidden<T>() implements Verdict<T> {}

    /** The application's backend was asked, and said no in its own words. */
    record Failed<T>(Fault why) implements Verdict<T> {}
}
