package dev.cardea.server.cli;

import dev.cardea.server.config.DefaultFile;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cardea config}: the file to start from. */
@Command(
        name = "config",
        description = "Prints a configuration file with every key, its default and its meaning.")
final class ConfigCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Objects.requireNonNull(spec).commandLine().getOut().print(DefaultFile.yaml());
        spec.commandLine().getOut().flush();
    }
}
