package dev.cardea.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gathers what is wrong, so that an operator sees all of it at once, and what is only a warning.
 */
final class Problems {
    private record Finding(Place place, String text) {}

    private final List<Finding> problems = new ArrayList<>();
    private final List<Finding> warnings = new ArrayList<>();

    void add(Place place, String path, String message) {
        problems.add(new Finding(place, place + ": " + path + " " + message));
    }

    void warn(Place place, String path, String message) {
        warnings.add(new Finding(place, place + ": " + path + " " + message));
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    int count() {
        return problems.size();
    }

    List<String> warnings() {
        return texts(warnings);
    }

    /** In the order of the file. */
    private static List<String> texts(List<Finding> findings) {
        return findings.stream()
                .sorted(Comparator.comparingInt(finding -> finding.place().line()))
                .map(Finding::text)
                .toList();
    }

    void throwIfAny() throws BadConfig {
        if (!problems.isEmpty()) throw new BadConfig(texts(problems));
    }

    Group at(String path, Node.Table written) {
        return new Group(path, written);
    }

    /** The problems of one group of keys; names them in full. */
    final class Group {
        private final String path;
        private final Node.Table written;

        private Group(String path, Node.Table written) {
            this.path = path;
            this.written = written;
        }

        /** The key's value {@code message}: "is 5; expected less than 4". */
        void add(String key, String message) {
            Problems.this.add(place(key), Keys.join(path, key), message);
        }

        void warn(String key, String message) {
            Problems.this.warn(place(key), Keys.join(path, key), message);
        }

        private Place place(String key) {
            Node node = written.entries().get(key);
            return node == null ? written.place() : node.place();
        }

        /** A group in this one, or an item of a list in it: {@code namespaces[2]}. */
        Group in(String key) {
            Node node = written.entries().get(Keys.withoutIndex(key));
            if (node instanceof Node.Items items) node = items.items().get(Keys.index(key));
            return at(
                    Keys.join(path, key),
                    node instanceof Node.Table table ? table : Node.Table.empty(written.place()));
        }

        void checkPath(String key, String value) {
            boolean isPath = value.startsWith("/") && (value.length() == 1 || !value.endsWith("/"));
            if (!isPath) {
                add(key, "is \"" + value + "\"; expected a path such as /a/b");
            }
        }
    }
}
