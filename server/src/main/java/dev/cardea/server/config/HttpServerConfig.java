package dev.cardea.server.config;

/** {@code http_server}: where the server listens. */
public record HttpServerConfig(
        @Setting(means = "interface address to listen on; empty is all of them") String address,
        @Setting(is = "8000", means = "port to listen on; 0 takes a free one", atMost = "65535")
                int port) {}
