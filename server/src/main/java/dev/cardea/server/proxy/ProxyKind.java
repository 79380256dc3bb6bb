package dev.cardea.server.proxy;

import java.util.Locale;

/** What a backend is asked. */
public enum ProxyKind {
    CONNECT,
    REFRESH,
    SUBSCRIBE,
    PUBLISH,
    SUB_REFRESH,
    RPC,
    DISCONNECT,
    TURN;

    /** As in the configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
