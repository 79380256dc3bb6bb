package dev.cardea.server.cli;

import dev.cardea.server.cli.CardeaCommand.Refused;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cardea serve}: the server, with the operator's configuration. */
@Command(name = "serve", description = "Starts the server with your configuration.")
final class ServeCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration: .yaml, .yml, .json or .toml. Without one all is default.")
    private @Nullable Path file;

    @Mixin private Listen listen = new Listen();

    @Override
    public Integer call() throws BadConfig, Refused, InterruptedException {
        return Running.untilStopped(
                this::load, null, List.of(), Objects.requireNonNull(spec).commandLine().getOut());
    }

    private ConfigLoader.Loaded load() throws BadConfig {
        ConfigLoader loader = file == null ? ConfigLoader.defaults() : ConfigLoader.file(file);
        loader.environment(System.getenv());
        Flags.layOver(Objects.requireNonNull(spec), loader);
        return listen.layOver(loader).load();
    }
}
