package dev.cardea.server.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cardea version}: the version that the build wrote into the jar's manifest. */
@Command(name = "version", description = "Prints the version.")
final class Version implements IVersionProvider, Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Objects.requireNonNull(spec).commandLine().getOut().println("cardea " + number());
    }

    @Override
    public String[] getVersion() {
        return new String[] {"cardea " + number()};
    }

    static String number() {
        String number = Version.class.getPackage().getImplementationVersion();
        return Objects.requireNonNullElse(number, "development");
    }
}
