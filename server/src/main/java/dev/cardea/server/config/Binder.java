package dev.cardea.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes records of what was written, and goes on after a problem to find the others. */
final class Binder {
    private final Problems problems;
    private final Placeholders placeholders;
    private final UnknownKeys unknownKeys;

    /**
     * @param placeholders what stands in texts for variables of the environment
     */
    Binder(Problems problems, Placeholders placeholders) {
        this.problems = problems;
        this.placeholders = placeholders;
        this.unknownKeys = new UnknownKeys(problems);
    }

    /** A group with every key at its default. */
    static <R extends Record> R defaults(Class<R> type) {
        Problems problems = new Problems();
        R defaults =
                new Binder(problems, Placeholders.NONE)
                        .bind(type, Node.Table.empty(Place.DEFAULTS), "");
        if (!problems.isEmpty()) throw new IllegalStateException("the defaults aren't good");
        return defaults;
    }

    <R extends Record> R bind(Class<R> type, Node.Table written, String path) {
        Map<String, Node> left = new HashMap<>(written.entries());
        R group = bind(type, written, path, left);
        // in the order of the file
        for (Map.Entry<String, Node> entry : written.entries().entrySet()) {
            if (left.containsKey(entry.getKey())) {
                unknownKeys.judge(path, entry.getKey(), entry.getValue());
            }
        }
        return group;
    }

    /** Takes the keys that it knows out of {@code left}. */
    private <R extends Record> R bind(
            Class<R> type, Node.Table written, String path, Map<String, Node> left) {
        int before = problems.count();
        List<Object> values = new ArrayList<>();
        for (Schema.Key key : Schema.keys(type)) values.add(value(key, written, path, left));
        R group = Schema.instance(type, values);
        boolean isSound = problems.count() == before;
        if (isSound && group instanceof Checked checked) checked.check(problems.at(path, written));
        return group;
    }

    private Object value(Schema.Key key, Node.Table written, String path, Map<String, Node> left) {
        Class<? extends Record> group = key.group();
        if (group != null && key.isInline()) return bind(group, written, path, left);
        Node found = left.remove(key.name());
        Node node = found == null || found.isNothing() ? null : found;
        String own = Keys.join(path, key.name());
        if (group == null) return node == null ? defaultOf(key) : leaf(key, node, own);
        if (key.isGroupList()) return node == null ? List.of() : items(group, node, own);
        if (node instanceof Node.Table table) return bind(group, table, own);
        if (node != null) {
            problems.add(node.place(), own, "is " + node.found() + "; expected a group of keys");
        }
        return bind(group, Node.Table.empty(written.place()), own);
    }

    private List<Record> items(Class<? extends Record> group, Node node, String path) {
        List<Record> items = new ArrayList<>();
        if (!(node instanceof Node.Items list)) {
            problems.add(node.place(), path, "is " + node.found() + "; expected a list of groups");
            return items;
        }
        for (int i = 0; i < list.items().size(); i++) {
            Node item = list.items().get(i);
            String own = path + "[" + i + "]";
            if (item instanceof Node.Table table) {
                items.add(bind(group, table, own));
            } else {
                problems.add(
                        item.place(), own, "is " + item.found() + "; expected a group of keys");
            }
        }
        return List.copyOf(items);
    }

    private Object leaf(Schema.Key key, Node node, String path) {
        try {
            return placeholders.fillIn(Values.read(key, node));
        } catch (Values.Unfit e) {
            String found = key.rules().secret() ? "" : "is " + node.found() + "; ";
            problems.add(node.place(), path, found + e.getMessage());
            return defaultOf(key);
        }
    }

    static Object defaultOf(Schema.Key key) {
        if (key.type() == List.class) return List.of();
        if (key.type() == Map.class) return Map.of();
        String text = key.rules().is();
        try {
            return Values.read(key, new Node.Scalar(Place.DEFAULTS, Node.Kind.TEXT, text));
        } catch (Values.Unfit e) {
            throw new IllegalStateException("the default of " + key.name() + " is unfit", e);
        }
    }
}
