package dev.cardea.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./cardea}: gathers the commands. */
@Command(
        name = "cardea",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {ConfigCommand.class, Version.class})
public final class CardeaCommand {
    private CardeaCommand() {}

    /**
     * Runs one command until it is done; a server command is done when it was told to stop.
     *
     * @return the exit code of the process
     */
    public static int run(String... arguments) {
        return new CommandLine(new CardeaCommand()).execute(arguments);
    }
}
