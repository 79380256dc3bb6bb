package dev.cardea.messaging.mercure;

import dev.cardea.wire.mercure.TopicSelector;
import dev.cardea.wire.mercure.Url;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Selectors that were used lately, compiled: many subscribers come with the same. The one that
 * wasn't asked for the longest is forgotten first. Thread safe.
 */
public final class SelectorCache {
    private static final int MAX_SELECTORS = 10_000;

    private record Key(TopicSelector.Kind kind, String text) {}

    private final Url hub;
    private final Map<Key, TopicSelector> known = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param hub the hub's URL
     */
    public SelectorCache(Url hub) {
        this.hub = hub;
    }

    /**
     * The selector.
     *
     * @throws dev.cardea.wire.Malformed there is no such pattern
     */
    public TopicSelector of(TopicSelector.Kind kind, String text) {
        Key key = new Key(kind, text);
        synchronized (known) {
            TopicSelector selector = known.get(key);
            if (selector != null) return selector;
        }
        TopicSelector made =
                switch (kind) {
                    case TOPIC -> TopicSelector.topic(text);
                    case EXACT -> TopicSelector.exact(text);
                    case URL_PATTERN -> TopicSelector.urlPattern(text, hub);
                };
        // single topics cost nothing to make: they would drive the patterns out
        if (!made.isPattern()) return made;
        synchronized (known) {
            TopicSelector other = known.putIfAbsent(key, made);
            if (known.size() > MAX_SELECTORS) known.remove(known.keySet().iterator().next());
            return other == null ? made : other;
        }
    }
}
