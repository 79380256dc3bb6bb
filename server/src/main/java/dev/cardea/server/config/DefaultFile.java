package dev.cardea.server.config;

import java.util.List;
import java.util.Map;

/** Writes the file that sets every key to its default, with its meaning above it. */
public final class DefaultFile {
    private final StringBuilder out = new StringBuilder();

    private DefaultFile() {}

    public static String yaml() {
        DefaultFile file = new DefaultFile();
        file.write(Config.class, "");
        return file.out.toString();
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
