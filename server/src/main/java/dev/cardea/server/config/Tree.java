package dev.cardea.server.config;

import org.jspecify.annotations.Nullable;

/** Finds and sets values in what was written, by path. */
final class Tree {
    private Tree() {}

    static @Nullable Node get(Node.Table root, String path) {
        Node node = root;
        for (String key : path.split("\\.", -1)) {
            node = child(node, key);
        }
        return node;
    }

    private static @Nullable Node child(@Nullable Node node, String key) {
        if (!(node instanceof Node.Table table)) return null;
        Node child = table.entries().get(Keys.withoutIndex(key));
        return key.endsWith("]") && child instanceof Node.Items items
                ? items.items().get(Keys.index(key))
                : child;
    }

    /**
     * Makes the groups on the way if they aren't there. Where the file has something else instead
     * of a group, nothing is set: that is a problem of its own, found later.
     */
    static void put(Node.Table root, String path, Node value) {
        Node.Table table = root;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            Node child = child(table, keys[i]);
            if (child == null || child.isNothing()) {
                child = Node.Table.empty(value.place());
                table.entries().put(keys[i], child);
            }
            if (!(child instanceof Node.Table next)) return;
            table = next;
        }
        table.entries().put(keys[keys.length - 1], value);
    }
}
