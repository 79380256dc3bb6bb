package dev.cardea.server.api;

import dev.cardea.messaging.session.Refusal;

/** How Centrifugo's HTTP API puts a refusal. */
final class ApiError {
    private ApiError() {}

    /** The words differ from the client protocol's in one case. */
    static String message(Refusal why) {
        return why == Refusal.METHOD_NOT_FOUND ? "not found" : why.message();
    }

    /** The status for callers that chose the transport error mode; 200 for all others. */
    static int status(Refusal why) {
        return switch (why) {
            case UNKNOWN_CHANNEL, METHOD_NOT_FOUND -> 404;
            case BAD_REQUEST, NOT_AVAILABLE -> 400;
            case UNRECOVERABLE_POSITION -> 416;
            case INTERNAL,
                    UNAUTHORIZED,
                    PERMISSION_DENIED,
                    ALREADY_SUBSCRIBED,
                    LIMIT_EXCEEDED,
                    TOKEN_EXPIRED,
                    EXPIRED,
                    TOO_MANY_REQUESTS ->
                    500;
        };
    }
}
