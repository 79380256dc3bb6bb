package dev.cardea.server.config;

/** {@code http_stream}: the HTTP streaming door, for clients without WebSocket. */
public record HttpStreamConfig(
        @Setting(
                        is = "false",
                        means =
                                "serves clients over HTTP streaming; what they say comes to emulation")
                boolean enabled,
        @Setting(is = "/connection/http_stream", means = "its path") String handlerPrefix,
        @Setting(
                        is = "65536",
                        means = "bytes that the body of the first request may have",
                        atLeast = "1",
                        atMost = "1073741824")
                int maxRequestBodySize)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
