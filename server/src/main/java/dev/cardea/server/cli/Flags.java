package dev.cardea.server.cli;

import dev.cardea.server.config.ConfigLoader;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The flags that Centrifugo has for keys of its configuration, besides those of {@link Listen}. A
 * flag whose key isn't supported is judged as that key is in a file.
 */
final class Flags {
    private record Flag(String key, boolean isSwitch, String means) {
        String name() {
            return "--" + key;
        }
    }

    private static final List<Flag> FLAGS =
            List.of(
                    value("http_server.internal_address", "Interface address of what is internal."),
                    value("http_server.internal_port", "Port of what is internal."),
                    value("log.level", "The least important lines that are still written."),
                    value("log.file", "File that lines are added to, instead of standard error."),
                    switched("client.insecure", "Lets everyone do everything; for development."),
                    switched("http_api.insecure", "Serves the API without a key."),
                    switched("http_api.external", "Serves the API on the port for clients, too."),
                    switched("health.enabled", "Serves the health endpoint."),
                    switched("prometheus.enabled", "Serves metrics in Prometheus format."),
                    switched("sse.enabled", "Serves SSE, in both directions."),
                    switched("http_stream.enabled", "Serves HTTP streaming, in both directions."),
                    switched("uni_websocket.enabled", "Serves the unidirectional WebSocket."),
                    switched("uni_sse.enabled", "Serves unidirectional SSE."),
                    switched("uni_http_stream.enabled", "Serves unidirectional HTTP streaming."),
                    value("engine.type", "memory, or redis for servers that share one."),
                    value("engine.redis.address", "The Redis that servers share."),
                    value("broker.type", "nats for servers that share one, with broker.enabled."),
                    switched("broker.enabled", "Takes the broker of broker.type."),
                    value("broker.nats.url", "The NATS that servers share."),
                    value("presence_manager.type"),
                    switched("presence_manager.enabled"),
                    value("map_broker.type"),
                    value("pid_file"),
                    value("grpc_api.port"),
                    switched("grpc_api.enabled"),
                    value("uni_grpc.port"),
                    switched("uni_grpc.enabled"),
                    switched("admin.enabled"),
                    switched("admin.external"),
                    switched("admin.insecure"),
                    switched("debug.enabled"),
                    switched("swagger.enabled"),
                    switched("init.enabled"));

    private Flags() {}

    private static Flag value(String key, String means) {
        return new Flag(key, false, means);
    }

    private static Flag switched(String key, String means) {
        return new Flag(key, true, means);
    }

    /** One without effect yet: taken, and not shown. */
    private static Flag value(String key) {
        return value(key, "");
    }

    private static Flag switched(String key) {
        return switched(key, "");
    }

    static void addTo(CommandSpec command) {
        for (Flag flag : FLAGS) {
            OptionSpec.Builder option =
                    OptionSpec.builder(flag.name())
                            .type(String.class)
                            .hidden(flag.means().isEmpty())
                            .description(flag.means());
            if (flag.isSwitch()) option.arity("0..1").fallbackValue("true");
            else option.arity("1").paramLabel("V");
            command.addOption(option.build());
        }
    }

    static ConfigLoader layOver(CommandSpec command, ConfigLoader loader) {
        for (Flag flag : FLAGS) {
            String value = command.findOption(flag.name()).getValue();
            if (value != null) loader.flag(flag.name(), flag.key(), value);
        }
        return loader;
    }
}
