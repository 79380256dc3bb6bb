package dev.cardea.server.config;

/** {@code node}: this server, among others. */
public record NodeConfig(
        @Setting(
                        means =
                                "its name in info and among other servers; empty takes the machine's, with"
                                        + " the port")
                String name) {}
