package dev.cardea.messaging.auth;

/**
 * Why somebody who was asked says no, in words of his own: the application's backend chooses the
 * codes.
 */
public sealed interface Fault {
    /**
     * The command is answered with an error.
     *
     * @param code from 1 on; applications take 400 to 1999
     * @param temporary the client may try the same again later
     */
    record Error(int code, String message, boolean temporary) implements Fault {}

    /**
     * The connection ends.
     *
     * @param code 3000 to 4999; clients come back after 3000-3499 and 4000-4499
     * @param reason 123 bytes at most
     */
    record End(int code, String reason) implements Fault {}
}
