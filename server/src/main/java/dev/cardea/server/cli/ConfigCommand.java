package dev.cardea.server.cli;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.DefaultFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cardea config}: the file to start from, and whether one is good. */
@Command(
        name = "config",
        description = "Prints a configuration file with every key, its default and its meaning.")
final class ConfigCommand implements Runnable {
    /** The formats that a configuration file may have. */
    enum Format {
        YAML,
        JSON,
        TOML
    }

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        print(DefaultFile.yaml());
    }

    @Command(
            name = "default",
            description = "The same, in the format of your choice; JSON has no comments.")
    void defaults(
            @Option(
                            names = {"-f", "--format"},
                            paramLabel = "F",
                            defaultValue = "yaml",
                            description = "yaml, json or toml. Default: ${DEFAULT-VALUE}.")
                    Format format) {
        print(
                switch (format) {
                    case YAML -> DefaultFile.yaml();
                    case JSON -> DefaultFile.json();
                    case TOML -> DefaultFile.toml();
                });
    }

    @Command(
            name = "check",
            description = {
                "Tells every problem of a configuration, and what in it has no effect yet.",
                "Takes the environment into account, as 'serve' would. Ends with 0 if 'serve' would"
                        + " start with it, otherwise with 1."
            })
    void check(@Parameters(paramLabel = "FILE") Path file) throws BadConfig {
        ConfigLoader.Loaded loaded = ConfigLoader.file(file).environment(System.getenv()).load();
        PrintWriter out = out();
        loaded.warnings().forEach(warning -> out.println("warning: " + warning));
        out.println(file + " is good");
        out.flush();
    }

    private void print(String text) {
        out().print(text);
        out().flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).root().commandLine().getOut();
    }
}
