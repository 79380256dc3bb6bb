package dev.cardea.server.config;

/** {@code turn.tls}. */
public record TurnTlsConfig(
        @Setting(
                        is = "5349",
                        means = "the port of TURN over TLS; 0 is a free one",
                        atMost = "65535")
                int port,
        @Inline TlsConfig tls) {}
