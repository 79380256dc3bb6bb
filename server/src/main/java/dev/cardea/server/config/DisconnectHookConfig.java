package dev.cardea.server.config;

/**
 * {@code client.proxy.disconnect}: the backend is told of every connection that ends.
 *
 * @param attempts for each notice, the first one counted
 */
public record DisconnectHookConfig(
        @Setting(is = "false", means = "tells the backend") boolean enabled,
        @Inline ProxyConfig proxy,
        @Setting(
                        is = "10000",
                        means =
                                "notices that may wait for a slow backend; more are dropped, counted",
                        atLeast = "1",
                        atMost = "1000000")
                int queueSize,
        @Setting(
                        is = "3",
                        means = "how often a notice is tried before it is given up",
                        atLeast = "1",
                        atMost = "20")
                int attempts)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        if (enabled && !proxy.isSet()) problems.add("enabled", "needs endpoint");
    }
}
