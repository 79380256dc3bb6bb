package dev.cardea.server;

import dev.cardea.server.cli.CardeaCommand;

/** Where {@code ./cardea} enters the JVM. */
public final class Main {
    private Main() {}

    static void main(String[] arguments) {
        System.exit(CardeaCommand.run(arguments));
    }
}
