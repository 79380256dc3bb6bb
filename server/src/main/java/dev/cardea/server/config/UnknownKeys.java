package dev.cardea.server.config;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges keys that no record has: known but not supported yet, or unknown. */
final class UnknownKeys {
    private final Problems problems;

    UnknownKeys(Problems problems) {
        this.problems = problems;
    }

    void judge(String path, String key, Node node) {
        String own = Keys.join(path, key);
        String pattern = Keys.pattern(own);
        NotYet.Entry entry = NotYet.entries().get(pattern);
        if (entry != null) {
            judgeValue(own, entry, node);
        } else if (hasKeysUnder(pattern + ".")) {
            judgeGroup(own, node);
        } else if (hasKeysUnder(pattern + "[].")) {
            judgeList(own, node);
        } else {
            problems.add(node.place(), own, "is no known key" + suggestion(path, key));
        }
    }

    private static boolean hasKeysUnder(String prefix) {
        return NotYet.entries().keySet().stream().anyMatch(path -> path.startsWith(prefix));
    }

    private void judgeGroup(String path, Node node) {
        if (node instanceof Node.Table table) {
            table.entries().forEach((key, value) -> judge(path, key, value));
        } else if (!node.isNothing()) {
            problems.add(node.place(), path, "is " + node.found() + "; expected a group of keys");
        }
    }

    private void judgeList(String path, Node node) {
        if (!(node instanceof Node.Items list)) {
            if (!node.isNothing()) {
                problems.add(
                        node.place(), path, "is " + node.found() + "; expected a list of groups");
            }
            return;
        }
        for (int i = 0; i < list.items().size(); i++) {
            judgeGroup(path + "[" + i + "]", list.items().get(i));
        }
    }

    private void judgeValue(String path, NotYet.Entry entry, Node node) {
        if (isDefault(entry.defaultText(), node)) return;
        String found = Keys.isSecret(path) ? "is set" : "is " + node.found();
        String leaveOut = "leave it out" + defaultHint(entry);
        switch (entry.consequence()) {
            case MOOT -> {}
            case HARMLESS -> problems.warn(node.place(), path, found + "; not supported yet");
            case GUARDS ->
                    problems.add(
                            node.place(),
                            path,
                            found
                                    + "; not supported yet, and it decides who may connect, read or"
                                    + " write: "
                                    + leaveOut);
            case DELIVERS ->
                    problems.add(
                            node.place(),
                            path,
                            found
                                    + "; not supported yet, and it decides where messages and state"
                                    + " go: "
                                    + leaveOut);
        }
    }

    private static String defaultHint(NotYet.Entry entry) {
        return entry.defaultText().isEmpty() ? "" : " (its default is " + entry.defaultText() + ")";
    }

    private static boolean isDefault(String defaultText, Node node) {
        return switch (node) {
            case Node.Table(Place _, Map<String, Node> entries) -> entries.isEmpty();
            case Node.Items(Place _, List<Node> items) ->
                    items.stream().allMatch(item -> isDefault(defaultText, item));
            case Node.Scalar(Place _, Node.Kind kind, String text) ->
                    kind == Node.Kind.NOTHING
                            || text.isEmpty()
                            || isSame(defaultText, text.strip());
        };
    }

    /** Whether two texts are one value: {@code off} is {@code false}, {@code 60s} is {@code 1m}. */
    private static boolean isSame(String a, String b) {
        if (a.equals(b)) return true;
        var duration = DurationText.parse(a);
        if (duration != null && duration.equals(DurationText.parse(b))) return true;
        try {
            return Values.truth(a) == Values.truth(b);
        } catch (Values.Unfit e) {
            return false;
        }
    }

    private static String suggestion(String path, String key) {
        String meant = meant(path, key);
        return meant == null ? "" : "; did you mean " + meant + "?";
    }

    /** A key of the same group that is spelt alike, or one elsewhere whose path ends like this. */
    private static @Nullable String meant(String path, String key) {
        Set<String> supported = Schema.leaves(Config.class).keySet();
        Set<String> all = new LinkedHashSet<>(supported);
        all.addAll(NotYet.entries().keySet());
        Set<String> siblings = new LinkedHashSet<>();
        String prefix = path.isEmpty() ? "" : Keys.pattern(path) + ".";
        for (String candidate : all) {
            if (!candidate.startsWith(prefix)) continue;
            String rest = candidate.substring(prefix.length());
            siblings.add(Keys.withoutIndex(rest.split("\\.", 2)[0]));
        }
        String lower = key.toLowerCase(Locale.ROOT);
        String sibling = Spelling.nearest(lower, siblings);
        if (sibling != null) return Keys.join(path, sibling);
        String elsewhere = endingWith(lower, supported);
        return elsewhere != null ? elsewhere : endingWith(lower, NotYet.entries().keySet());
    }

    private static @Nullable String endingWith(String key, Set<String> paths) {
        for (String candidate : withGroups(paths)) {
            String flat = candidate.replace("[]", "").replace('.', '_');
            if (flat.equals(key) || flat.endsWith("_" + key)) return candidate;
        }
        return null;
    }

    /**
     * The paths, those with the fewest parts first, and those of the groups on the way: otherwise
     * in the order in which the records have them.
     */
    private static List<String> withGroups(Set<String> leaves) {
        Set<String> paths = new LinkedHashSet<>();
        for (String leaf : leaves) {
            paths.add(leaf);
            for (int dot = leaf.indexOf('.'); dot >= 0; dot = leaf.indexOf('.', dot + 1)) {
                paths.add(leaf.substring(0, dot));
            }
        }
        return paths.stream()
                .map(path -> path.endsWith("[]") ? path.substring(0, path.length() - 2) : path)
                .sorted(
                        Comparator.comparingLong(
                                path -> path.chars().filter(c -> c == '.').count()))
                .toList();
    }
}
