package dev.cardea.server.config;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** Short ways to load a configuration in a test. */
final class Load {
    private Load() {}

    static Config yaml(String yaml) {
        return loaded(yaml).config();
    }

    static List<String> warnings(String yaml) {
        return loaded(yaml).warnings();
    }

    private static ConfigLoader.Loaded loaded(String yaml) {
        try {
            return ConfigLoader.text("c.yaml", yaml).load();
        } catch (BadConfig e) {
            throw new AssertionError(e);
        }
    }

    static List<String> problems(String yaml) {
        return problems("c.yaml", yaml);
    }

    static List<String> problems(String name, String text) {
        return Assertions.assertThrows(BadConfig.class, () -> ConfigLoader.text(name, text).load())
                .problems();
    }

    static Config environment(String yaml, Map<String, String> variables) {
        try {
            return ConfigLoader.text("c.yaml", yaml).environment(variables).load().config();
        } catch (BadConfig e) {
            throw new AssertionError(e);
        }
    }

    static List<String> environmentProblems(Map<String, String> variables) {
        return Assertions.assertThrows(
                        BadConfig.class,
                        () -> ConfigLoader.defaults().environment(variables).load())
                .problems();
    }
}
