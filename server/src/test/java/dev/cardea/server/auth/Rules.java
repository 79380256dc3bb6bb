package dev.cardea.server.auth;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.TokenConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rules as an operator writes them. */
final class Rules {
    private final Map<String, String> keys = new LinkedHashMap<>();

    private Rules() {}

    static Rules with(String key, String value) {
        return new Rules().and(key, value);
    }

    Rules and(String key, String value) {
        keys.put(key, value);
        return this;
    }

    TokenConfig config() {
        StringBuilder yaml = new StringBuilder("client:\n  token:\n");
        keys.forEach((key, value) ->
                yaml.append("    ").append(key).append(": ").append(quoted(value)).append('\n'));
        try {
            return ConfigLoader.text("c.yaml", yaml.toString()).load().config().client().token();
        } catch (BadConfig e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    JwtVerifier verifier() {
        return new JwtVerifier(config());
    }

    private static String quoted(String value) {
        if (value.matches("[0-9]+|true|false")) return value;
        return '"' + value.replace("\\", "\\\\").replace("\n", "\\n") + '"';
    }
}
