package dev.cardea.server.config;

/** {@code client.proxy}: what the backend is asked about connections. */
public record ClientProxyConfig(
        @Setting(means = "asks who a client without a token is") EnabledProxyConfig connect,
        @Setting(
                        means =
                                "asks whether a connection that expires may go on; clients then don't"
                                        + " refresh themselves")
                EnabledProxyConfig refresh,
        @Setting(means = "tells of connections that have ended; Cardea's own")
                DisconnectHookConfig disconnect) {}
