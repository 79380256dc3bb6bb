package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody subscribes to, in the words of either version, or of both.
 *
 * @param selectors at least one, each once, in their order
 * @param generation what the request is written in
 * @param lastEventId null: none was given
 */
public record SubscribeQuery(
        List<TopicSelector> selectors, Generation generation, @Nullable String lastEventId) {
    /** Of version 0.x, {@code topic}. */
    public static final int MAX_TOPICS = 1000;

    /** Of version 1.0, {@code match}; and of either, those that are patterns. */
    public static final int MAX_MATCHERS = 100;

    /**
     * What all patterns of a subscriber may have in size: about a hundred with a few variables
     * each. More would cost others time with each update.
     */
    public static final int MAX_PATTERN_SIZE = 16_384;

    private static final int MAX_PAIRS = MAX_TOPICS + 100;
    private static final int MAX_SELECTOR_CHARS = 4096;

    /** Makes selectors; the hub keeps those that are used again. */
    public interface Selectors {
        /**
         * @throws Malformed there is no such pattern
         */
        TopicSelector of(TopicSelector.Kind kind, String text);
    }

    /**
     * Reads a query, or the body of a QUERY request.
     *
     * @throws Malformed the request is refused
     */
    public static SubscribeQuery read(String query, Selectors selectors) {
        return read(FormPairs.read(query, MAX_PAIRS), selectors);
    }

    /** As {@link #read(String, Selectors)}. */
    public static SubscribeQuery read(List<FormPairs.Pair> pairs, Selectors selectors) {
        Set<TopicSelector> chosen = new LinkedHashSet<>();
        Generation generation = Generation.ZERO;
        String lastEventId = null;
        int topics = 0;
        int matchers = 0;
        for (FormPairs.Pair pair : pairs) {
            String name = pair.name();
            switch (name) {
                case "topic" -> {
                    topics++;
                    chosen.add(selector(TopicSelector.Kind.TOPIC, pair.value(), selectors));
                }
                case "match", "match_exact" -> {
                    matchers++;
                    chosen.add(selector(TopicSelector.Kind.EXACT, pair.value(), selectors));
                }
                case "match_urlpattern" -> {
                    matchers++;
                    chosen.add(selector(TopicSelector.Kind.URL_PATTERN, pair.value(), selectors));
                }
                case "last_event_id", "lastEventID", "Last-Event-ID" -> {
                    if (lastEventId == null || lastEventId.isEmpty()) lastEventId = pair.value();
                }
                default -> {
                    if (name.toLowerCase(Locale.ROOT).startsWith("match"))
                        throw new Malformed("Unsupported matcher parameter");
                }
            }
        }
        if (matchers > 0) generation = Generation.ONE;
        if (topics > MAX_TOPICS || matchers > MAX_MATCHERS || patterns(chosen) > MAX_MATCHERS)
            throw new Malformed("Too many topics");
        if (chosen.stream().mapToInt(TopicSelector::size).sum() > MAX_PATTERN_SIZE)
            throw new Malformed("The patterns are too large together");
        if (chosen.isEmpty()) throw new Malformed("Missing \"topic\" or \"match\" parameter");
        return new SubscribeQuery(List.copyOf(chosen), generation, lastEventId);
    }

    private static long patterns(Set<TopicSelector> chosen) {
        return chosen.stream().filter(TopicSelector::isPattern).count();
    }

    private static TopicSelector selector(
            TopicSelector.Kind kind, String text, Selectors selectors) {
        ProtocolText.checked(text, "a topic");
        if (text.length() > MAX_SELECTOR_CHARS) throw new Malformed("a topic is too long");
        return selectors.of(kind, text);
    }

    /** The same with the identifier of the header, which wins. */
    public SubscribeQuery withLastEventId(@Nullable String header) {
        if (header == null) return this;
        if (header.isEmpty() && lastEventId != null && !lastEventId.isEmpty()) return this;
        return new SubscribeQuery(selectors, generation, header);
    }

    /** All pairs, first those of the URL, then those of the body. */
    public static List<FormPairs.Pair> pairs(String query, String body) {
        List<FormPairs.Pair> pairs = new ArrayList<>(FormPairs.read(query, MAX_PAIRS));
        pairs.addAll(FormPairs.read(body, MAX_PAIRS));
        return pairs;
    }
}
