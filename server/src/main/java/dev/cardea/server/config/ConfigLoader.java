package dev.cardea.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads a configuration: a file, then the environment, then flags; what comes later wins. Every
 * problem is found before anything is refused.
 */
public final class ConfigLoader {
    /**
     * What was read.
     *
     * @param warnings one line for each key that is known and has no effect yet
     */
    public record Loaded(Config config, List<String> warnings) {}

    private final Node.Table root;
    private final Problems problems = new Problems();
    private Placeholders placeholders = Placeholders.NONE;

    private ConfigLoader(Node.Table root) {
        this.root = root;
    }

    /** Starts from the defaults alone. */
    public static ConfigLoader defaults() {
        return new ConfigLoader(Node.Table.empty(Place.DEFAULTS));
    }

    /** Starts from a file, whose name tells its format: .yaml, .yml, .json or .toml. */
    public static ConfigLoader file(Path file) throws BadConfig {
        return new ConfigLoader(FileReader.read(file));
    }

    /** Starts from a text; the name tells its format and stands in messages. */
    public static ConfigLoader text(String name, String text) throws BadConfig {
        return new ConfigLoader(FileReader.parse(name, text));
    }

    /** Takes what begins with {@code CENTRIFUGO_} or {@code CARDEA_}. */
    public ConfigLoader environment(Map<String, String> variables) throws BadConfig {
        Environment.layOver(root, variables, problems);
        placeholders = new Placeholders(variables);
        return this;
    }

    /** Sets one key, for example {@code flag("--port", "http_server.port", "9000")}. */
    public ConfigLoader flag(String flag, String path, String value) {
        Tree.put(root, path, new Node.Scalar(new Place(flag, 0), Node.Kind.TEXT, value));
        return this;
    }

    /**
     * Checks it all.
     *
     * @throws BadConfig with a line for each problem
     */
    public Loaded load() throws BadConfig {
        Config config = new Binder(problems, placeholders).bind(Config.class, root, "");
        problems.throwIfAny();
        return new Loaded(config, problems.warnings());
    }
}
