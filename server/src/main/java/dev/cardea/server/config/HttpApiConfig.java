package dev.cardea.server.config;

/** {@code http_api}: the door for the application's backend. */
public record HttpApiConfig(
        @Setting(is = "false", means = "turns the HTTP API off") boolean disabled,
        @Setting(is = "/api", means = "its path") String handlerPrefix,
        @Setting(
                        means =
                                "the key that callers must present; without one every call is refused",
                        secret = true)
                String key,
        @Setting(
                        means =
                                "transport answers errors with an HTTP status; empty answers 200 with an"
                                        + " error object")
                ErrorMode errorMode,
        @Setting(
                        is = "false",
                        means =
                                "serves the API on the port for clients, where there is an internal one")
                boolean external,
        @Setting(is = "false", means = "accepts calls without a key; for development only")
                boolean insecure)
        implements Checked {

    /** How an error is told to a caller that didn't ask for either way. */
    public enum ErrorMode {
        UNSET,
        TRANSPORT
    }

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
