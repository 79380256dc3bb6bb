package dev.cardea.server.config;

/** How channels lie in Redis. */
public enum RedisLayout {
    CARDEA,
    /** So that Centrifugo's nodes and Cardea's share channels. */
    CENTRIFUGO
}
