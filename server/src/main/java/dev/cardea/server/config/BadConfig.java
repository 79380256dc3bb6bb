package dev.cardea.server.config;

import java.util.List;

/** The configuration can't be used. Its message is for the operator and names every problem. */
public final class BadConfig extends Exception {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    BadConfig(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    BadConfig(String problem) {
        this(List.of(problem));
    }

    /** One line for each problem: where, what was found, what would be right. */
    public List<String> problems() {
        return problems;
    }
}
