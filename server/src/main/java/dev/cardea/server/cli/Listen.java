package dev.cardea.server.cli;

import dev.cardea.server.config.ConfigLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that {@code serve} and {@code dev} share; they win over file and environment. */
final class Listen {
    @Option(
            names = {"-p", "--port", "--http_server.port"},
            paramLabel = "N",
            description = "Port to listen on; 0 takes a free one.")
    private @Nullable String port;

    @Option(
            names = {"-a", "--address", "--http_server.address"},
            paramLabel = "A",
            description = "Interface address to listen on.")
    private @Nullable String address;

    ConfigLoader layOver(ConfigLoader loader) {
        if (port != null) loader.flag("--port", "http_server.port", port);
        if (address != null) loader.flag("--address", "http_server.address", address);
        return loader;
    }
}
