package dev.cardea.server.config;

import java.time.Duration;

/** {@code websocket}: the WebSocket door. */
public record WebSocketConfig(
        @Setting(is = "false", means = "turns WebSocket off") boolean disabled,
        @Setting(is = "/connection/websocket", means = "its path") String handlerPrefix,
        @Setting(
                        is = "65536",
                        means = "bytes that a message from a client may have",
                        atLeast = "1",
                        atMost = "1073741824")
                int messageSizeLimit,
        @Setting(
                        is = "false",
                        means = "compresses messages for clients that offer permessage-deflate")
                boolean compression,
        @Setting(is = "0", means = "bytes up to which messages aren't compressed")
                int compressionMinSize,
        @Setting(is = "1", means = "1 compresses quickly, 9 most", atLeast = "1", atMost = "9")
                int compressionLevel,
        @Setting(
                        is = "1s",
                        means =
                                "how long bytes may wait without progress before the connection is"
                                        + " closed (3009), where slow_consumer is disconnect",
                        atLeast = "1ms")
                Duration writeTimeout)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
