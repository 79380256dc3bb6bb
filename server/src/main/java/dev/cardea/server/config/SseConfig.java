package dev.cardea.server.config;

/** {@code sse}: the door of server-sent events, for clients without WebSocket. */
public record SseConfig(
        @Setting(
                        is = "false",
                        means =
                                "serves clients over server-sent events; what they say comes to emulation")
                boolean enabled,
        @Setting(is = "/connection/sse", means = "its path") String handlerPrefix,
        @Setting(
                        is = "65536",
                        means =
                                "bytes that the body of the first request, where it has one, may have",
                        atLeast = "1",
                        atMost = "1073741824")
                int maxRequestBodySize)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
