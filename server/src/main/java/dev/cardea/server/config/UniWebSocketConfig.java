package dev.cardea.server.config;

/** {@code uni_websocket}: WebSocket for clients that only listen. */
public record UniWebSocketConfig(
        @Setting(is = "false", means = "serves clients that only listen: a message for each push")
                boolean enabled,
        @Setting(is = "/connection/uni_websocket", means = "its path") String handlerPrefix,
        @Setting(
                        is = "65536",
                        means = "bytes that a message from a client may have",
                        atLeast = "1",
                        atMost = "1073741824")
                int messageSizeLimit,
        @Setting(
                        is = "false",
                        means = "pushes that wait together go in one message, a line for each")
                boolean joinPushMessages,
        @Setting(is = "false", means = "leaves it to the close frame to say why a connection ends")
                boolean disableDisconnectPush)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
