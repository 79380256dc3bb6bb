package dev.cardea.server.proxy;

import java.util.Locale;

/** The backend gave no answer that means anything. The client sees an internal error (100). */
final class BackendFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is counted. */
    enum Reason {
        /** It took too long. */
        TIMEOUT,
        /** It can't be reached, or broke off. */
        CONNECTION,
        /** A status other than 200 that nobody said the meaning of. */
        STATUS,
        /** Longer than max_response_size. */
        TOO_LONG,
        /** Not the JSON that was expected. */
        MALFORMED,
        /** Not asked: it has failed too often. */
        CIRCUIT_OPEN,
        /** Not asked: too many calls wait already. */
        OVERLOADED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;

    BackendFailure(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** Whether the backend is to be spared if this goes on: it was asked, and isn't well. */
    boolean isBackendsFault(int status) {
        return switch (reason) {
            case TIMEOUT, CONNECTION, TOO_LONG, MALFORMED -> true;
            case STATUS -> status >= 500;
            case CIRCUIT_OPEN, OVERLOADED -> false;
        };
    }
}
