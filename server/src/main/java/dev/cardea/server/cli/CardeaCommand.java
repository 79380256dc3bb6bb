package dev.cardea.server.cli;

import dev.cardea.server.config.BadConfig;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code ./cardea}: gathers the commands, and tells an operator's mistakes without a stack trace.
 */
@Command(
        name = "cardea",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT, // the help and version options, for every command
        versionProvider = Version.class,
        description = "A real-time server.",
        subcommands = {
            ServeCommand.class,
            DevCommand.class,
            TokenCommand.class,
            ConfigCommand.class,
            Version.class,
            WarmUpCommand.class
        })
public final class CardeaCommand {
    /** Something that an operator can put right; the message says how. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    private CardeaCommand() {}

    /**
     * Runs one command until it is done; a server command is done when it was told to stop.
     *
     * @return the exit code of the process
     */
    public static int run(String... arguments) {
        return line().execute(arguments);
    }

    /** Apart from {@link #run}, so that a test can read what is printed. */
    static CommandLine line() {
        CommandLine line =
                new CommandLine(new CardeaCommand())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setExecutionExceptionHandler(CardeaCommand::tell);
        Flags.addTo(Objects.requireNonNull(line.getSubcommands().get("serve")).getCommandSpec());
        return line;
    }

    private static int tell(Exception e, CommandLine line, CommandLine.ParseResult arguments)
            throws Exception {
        PrintWriter err = line.getErr();
        switch (e) {
            case BadConfig bad -> {
                err.println("Cardea doesn't start with this configuration:");
                bad.problems().forEach(problem -> err.println("  " + problem));
            }
            case Refused refused -> err.println("cardea: " + refused.getMessage());
            default -> throw e;
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
