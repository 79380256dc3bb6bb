package dev.cardea.messaging.peerjs;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.peerjs.ServerMessages;

/**
 * Why somebody doesn't get an id, or doesn't keep it. The texts that PeerServer has are its own.
 */
public enum Refused {
    ID_TAKEN("ID is taken"),
    INVALID_KEY("Invalid key provided"),
    INVALID_TOKEN("Invalid token provided"),
    MISSING_PARAMETERS("No id, token, or key supplied to websocket server"),
    SERVER_IS_FULL("Server has reached its concurrent user limit"),
    INVALID_ID(
            "The id may have up to 128 letters and digits, with spaces and - _ . : @ between them"),
    FOREIGN_ID(
            "The id isn't one of this user: expected the user's name, or one that begins with it and a dash"),
    TOO_MANY_OF_USER("This user has as many peers as a user may have"),
    TOO_MANY_OF_ADDRESS("There are as many peers from this address as may be"),
    TOKEN_EXPIRED("The token has expired"),
    TOKEN_REVOKED("The token was taken back"),
    NOT_NOW("The token can't be checked now, try again"),
    MALFORMED("The message is malformed");

    private final String text;

    Refused(String text) {
        this.text = text;
    }

    /** What the client is told before the connection ends. */
    public Bytes message() {
        return this == ID_TAKEN ? ServerMessages.idTaken() : ServerMessages.error(text);
    }
}
