package dev.cardea.server.config;

/** {@code channel.proxy}: the proxies that namespaces call {@code default}. */
public record ChannelProxyConfig(
        @Setting(means = "asks whether a client may subscribe") ProxyConfig subscribe,
        @Setting(means = "asks whether a client may publish") ProxyConfig publish,
        @Setting(means = "asks whether a subscription that expires may go on")
                ProxyConfig subRefresh) {}
