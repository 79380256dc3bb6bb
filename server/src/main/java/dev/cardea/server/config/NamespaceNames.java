package dev.cardea.server.config;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Says what is wrong with the names of namespaces, which are looked at one after the other. */
final class NamespaceNames {
    // Centrifugo's rule.
    private static final Pattern NAME = Pattern.compile("[-a-zA-Z0-9_.]{2,}");

    private final Set<String> seen = new HashSet<>();

    void check(String name, Problems.Group problems) {
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    "name",
                    "is \"%s\"; expected at least two letters, digits, -, _ or .".formatted(name));
        } else if (!seen.add(name)) {
            problems.add("name", "is \"%s\", as another namespace's is".formatted(name));
        }
    }
}
