package dev.cardea.server.config;

import java.util.Locale;

/** The names of keys: {@code channel.namespaces[0].history_ttl}. */
final class Keys {
    private Keys() {}

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** {@code namespaces} of {@code namespaces[2]}. */
    static String withoutIndex(String key) {
        int bracket = key.indexOf('[');
        return bracket < 0 ? key : key.substring(0, bracket);
    }

    /** 2 of {@code namespaces[2]}. */
    static int index(String key) {
        return Integer.parseInt(key, key.indexOf('[') + 1, key.indexOf(']'), 10);
    }

    /** Every index taken out: the name that a list's items share. */
    static String pattern(String path) {
        return path.replaceAll("\\[[0-9]+]", "[]");
    }

    /** {@code HISTORY_TTL} of {@code history_ttl}; a namespace's name too. */
    static String inEnvironment(String path) {
        return path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The key of a record's component, which can't be called {@code default}: {@code default_}. */
    static String of(String component) {
        String name = snake(component);
        return name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
    }

    /** {@code history_ttl} of {@code historyTtl}. */
    static String snake(String camel) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < camel.length(); i++) {
            char c = camel.charAt(i);
            if (Character.isUpperCase(c)) snake.append('_');
            snake.append(Character.toLowerCase(c));
        }
        return snake.toString();
    }

    /** Whether a message must not show the value. */
    static boolean isSecret(String path) {
        String last = path.substring(path.lastIndexOf('.') + 1);
        return last.matches(".*(secret|password|_key|_pem|dsn|connection_string).*|key|token");
    }
}
