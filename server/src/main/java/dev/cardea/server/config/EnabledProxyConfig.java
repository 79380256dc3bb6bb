package dev.cardea.server.config;

/** {@code client.proxy.connect} and {@code client.proxy.refresh}: a proxy that is on or off. */
public record EnabledProxyConfig(
        @Setting(is = "false", means = "asks the backend") boolean enabled,
        @Inline ProxyConfig proxy)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        if (enabled && !proxy.isSet()) problems.add("enabled", "needs endpoint");
    }
}
