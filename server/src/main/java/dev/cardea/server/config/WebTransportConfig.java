package dev.cardea.server.config;

/** {@code webtransport}: the WebTransport door. */
public record WebTransportConfig(
        @Setting(
                        is = "false",
                        means = "lets clients connect over WebTransport; needs http_server.http3")
                boolean enabled,
        @Setting(is = "/connection/webtransport", means = "its path") String handlerPrefix,
        @Setting(
                        is = "65536",
                        means = "bytes that a message from a client may have",
                        atLeast = "1",
                        atMost = "1073741824")
                int messageSizeLimit)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
