package dev.cardea.server.config;

/**
 * An item of {@code status_to_code_transforms}: what an HTTP status of the backend means to the
 * client.
 */
public record StatusTransformConfig(
        @Setting(is = "0", means = "the status", atMost = "599") int statusCode,
        @Setting(means = "answers the client's command with this error") ToErrorConfig toError,
        @Setting(means = "ends the client's connection like this") ToDisconnectConfig toDisconnect)
        implements Checked {

    /** An error; code 0: none. */
    public record ToErrorConfig(
            @Setting(is = "0", means = "code of the error; applications take 400 to 1999") int code,
            @Setting(means = "what the client is told") String message,
            @Setting(is = "false", means = "tells the client that it may try again")
                    boolean temporary) {}

    /** A disconnect; code 0: none. */
    public record ToDisconnectConfig(
            @Setting(is = "0", means = "code; clients come back after 3000-3499 and 4000-4499")
                    int code,
            @Setting(means = "what the client is told") String reason) {}

    @Override
    public void check(Problems.Group problems) {
        if (statusCode < 100) {
            problems.add("status_code", "is %d; expected 100 to 599".formatted(statusCode));
        }
        boolean isError = toError.code() > 0;
        boolean isDisconnect = toDisconnect.code() > 0;
        if (isError == isDisconnect) {
            problems.add(
                    "status_code", "needs a code in to_error or in to_disconnect, not in both");
        }
        if (isDisconnect && (toDisconnect.code() < 3000 || toDisconnect.code() > 4999)) {
            problems.in("to_disconnect")
                    .add("code", "is %d; expected 3000 to 4999".formatted(toDisconnect.code()));
        }
        checkText(problems.in("to_error"), "message", toError.message());
        checkText(problems.in("to_disconnect"), "reason", toDisconnect.reason());
    }

    /** RFC 6455 section 5.5: a reason has to fit into a close frame. */
    private static void checkText(Problems.Group problems, String key, String text) {
        if (text.length() > 123 || text.chars().anyMatch(c -> c >= 0x80)) {
            problems.add(key, "isn't ASCII of at most 123 characters");
        }
    }
}
