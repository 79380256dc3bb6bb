package dev.cardea.server.config;

/** {@code uni_sse}: server-sent events for clients that only listen. */
public record UniSseConfig(
        @Setting(
                        is = "false",
                        means = "serves EventSource without an SDK: server-sent events, one way")
                boolean enabled,
        @Setting(is = "/connection/uni_sse", means = "its path") String handlerPrefix,
        @Setting(
                        is = "65536",
                        means = "bytes that the body of the request, where it has one, may have",
                        atLeast = "1",
                        atMost = "1073741824")
                int maxRequestBodySize)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
