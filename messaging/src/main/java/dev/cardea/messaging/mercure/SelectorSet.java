package dev.cardea.messaging.mercure;

import dev.cardea.wire.mercure.Topic;
import dev.cardea.wire.mercure.TopicSelector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Several selectors together: single topics are looked up, patterns are tried. Immutable. */
public final class SelectorSet {
    public static final SelectorSet NONE = new SelectorSet(List.of());

    private final List<TopicSelector> all;
    private final boolean everything;
    private final Set<String> topics = new HashSet<>();
    private final List<TopicSelector> patterns = new ArrayList<>();

    public SelectorSet(List<TopicSelector> selectors) {
        this.all = List.copyOf(selectors);
        this.everything = all.stream().anyMatch(TopicSelector::isEverything);
        for (TopicSelector each : all) {
            // a URI template matches its own text too, a URL pattern doesn't
            if (each.kind() != TopicSelector.Kind.URL_PATTERN) topics.add(each.text());
            if (each.isPattern()) patterns.add(each);
        }
    }

    public List<TopicSelector> all() {
        return all;
    }

    boolean isEverything() {
        return everything;
    }

    Set<String> topics() {
        return topics;
    }

    List<TopicSelector> patterns() {
        return patterns;
    }

    public boolean matches(Topic topic) {
        if (everything || topics.contains(topic.text())) return true;
        for (TopicSelector each : patterns) if (each.matches(topic)) return true;
        return false;
    }

    public boolean matchesAny(List<Topic> candidates) {
        if (everything) return true;
        for (Topic topic : candidates) if (topics.contains(topic.text())) return true;
        if (patterns.isEmpty()) return false;
        for (Topic topic : candidates) if (matches(topic)) return true;
        return false;
    }

    public boolean matchesAll(List<Topic> candidates) {
        for (Topic topic : candidates) if (!matches(topic)) return false;
        return true;
    }
}
