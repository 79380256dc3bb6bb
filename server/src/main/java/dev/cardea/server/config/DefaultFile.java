package dev.cardea.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the file that sets every key to its default; with its meaning above it, where the format
 * has comments.
 */
public final class DefaultFile {
    private final StringBuilder out = new StringBuilder();

    private DefaultFile() {}

    public static String yaml() {
        DefaultFile file = new DefaultFile();
        file.write(Config.class, "");
        return file.out.toString();
    }

    /** Without comments: JSON has none. */
    public static String json() {
        DefaultFile file = new DefaultFile();
        file.writeJson(Config.class, "");
        return file.out.append('\n').toString();
    }

    private void writeJson(Class<? extends Record> type, String indent) {
        String inner = indent + "  ";
        out.append("{\n");
        String separator = "";
        for (Schema.Key key : withoutInline(type)) {
            out.append(separator).append(inner).append('"').append(key.name()).append("\": ");
            separator = ",\n";
            Class<? extends Record> group = key.group();
            if (group == null || isShort(key)) out.append(literal(key));
            else writeJson(group, inner);
        }
        out.append('\n').append(indent).append('}');
    }

    public static String toml() {
        DefaultFile file = new DefaultFile();
        file.writeToml(Config.class, "");
        return file.out.toString();
    }

    /** Values first: what follows the name of a table belongs to that. */
    private void writeToml(Class<? extends Record> type, String path) {
        List<Schema.Key> keys = withoutInline(type);
        for (Schema.Key key : keys) {
            if (key.group() != null && !isShort(key)) continue;
            comment(key.rules().means(), "");
            out.append(key.name()).append(" = ").append(literal(key)).append('\n');
        }
        for (Schema.Key key : keys) {
            Class<? extends Record> group = key.group();
            if (group == null || isShort(key)) continue;
            String own = Keys.join(path, key.name());
            out.append('\n');
            comment(key.rules().means(), "");
            out.append('[').append(own).append("]\n");
            writeToml(group, own);
        }
    }

    private static List<Schema.Key> withoutInline(Class<? extends Record> type) {
        List<Schema.Key> keys = new ArrayList<>();
        for (Schema.Key key : Schema.keys(type)) {
            Class<? extends Record> group = key.group();
            if (group != null && key.isInline()) keys.addAll(withoutInline(group));
            else keys.add(key);
        }
        return keys;
    }

    /** A group that is written as if it had nothing in it. */
    private static boolean isShort(Schema.Key key) {
        Class<? extends Record> group = key.group();
        return key.isGroupList() || (group != null && group.isAnnotationPresent(Brief.class));
    }

    /** As JSON and TOML both write it. */
    private static String literal(Schema.Key key) {
        if (key.type() == List.class) return "[]";
        if (key.type() == Map.class || key.group() != null) return "{}";
        String text = Values.written(Binder.defaultOf(key));
        boolean isBare =
                key.type() == boolean.class || key.type() == int.class || key.type() == long.class;
        return isBare ? text : '"' + text + '"'; // no default has anything to escape
    }

    private void write(Class<? extends Record> type, String indent) {
        for (Schema.Key key : Schema.keys(type)) {
            Class<? extends Record> group = key.group();
            if (group != null && key.isInline()) {
                write(group, indent);
                continue;
            }
            if (group != null && indent.isEmpty() && !out.isEmpty()) out.append('\n');
            comment(key.rules().means(), indent);
            out.append(indent).append(key.name()).append(':');
            if (key.isGroupList()) {
                out.append(" []\n");
            } else if (group != null && group.isAnnotationPresent(Brief.class)) {
                out.append(" {}\n");
            } else if (group != null) {
                out.append('\n');
                write(group, indent + "  ");
            } else {
                out.append(' ').append(value(key)).append('\n');
            }
        }
    }

    private void comment(String meaning, String indent) {
        StringBuilder line = new StringBuilder(indent).append('#');
        for (String word : meaning.split(" ", -1)) {
            if (line.length() + 1 + word.length() > 110) {
                out.append(line).append('\n');
                line = new StringBuilder(indent).append('#');
            }
            line.append(' ').append(word);
        }
        out.append(line).append('\n');
    }

    private static String value(Schema.Key key) {
        Object value = Binder.defaultOf(key);
        String text = Values.written(value);
        // characters that mean something to YAML at the beginning of a text
        boolean isPlain = !text.isEmpty() && "$:#,%@&*!|>'\"-?{[".indexOf(text.charAt(0)) < 0;
        boolean isTree = key.type() == List.class || key.type() == Map.class;
        return isPlain || isTree ? text : '"' + text + '"';
    }
}
