package dev.cardea.messaging.limit;

/** What is counted. */
public enum Operation {
    CONNECT,
    SUBSCRIBE,
    UNSUBSCRIBE,
    PUBLISH,
    HISTORY,
    PRESENCE,
    PRESENCE_STATS,
    REFRESH,
    SUB_REFRESH,
    RPC,
    SEND
}
