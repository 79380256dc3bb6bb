package dev.cardea.server.config;

/** {@code uni_http_stream}: HTTP streaming for clients that only listen. */
public record UniHttpStreamConfig(
        @Setting(
                        is = "false",
                        means = "serves clients that only listen: a line of JSON for each push")
                boolean enabled,
        @Setting(is = "/connection/uni_http_stream", means = "its path") String handlerPrefix,
        @Setting(
                        is = "65536",
                        means = "bytes that the body of the request may have",
                        atLeast = "1",
                        atMost = "1073741824")
                int maxRequestBodySize)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
