package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What topics somebody means: one of them, those of a pattern, or all ({@code *}). Equal by kind
 * and text. Safe to share between threads, and meant to be: it remembers what it was asked last.
 */
public final class TopicSelector {
    /** A longer topic is matched by its text and by {@code *}, but by no pattern. */
    public static final int MAX_TOPIC_CHARS = 4096;

    private static final int REMEMBERED = 64; // a power of two

    /** How the text is meant. */
    public enum Kind {
        /** Of version 0.x: the topic itself, or a URI template for it. */
        TOPIC(""),
        EXACT("exact"),
        URL_PATTERN("urlpattern");

        private final String matchType;

        Kind(String matchType) {
            this.matchType = matchType;
        }

        /** The name in version 1.0; empty: it has none there. */
        public String matchType() {
            return matchType;
        }
    }

    private interface Pattern {
        boolean matches(Topic topic);
    }

    private record Verdict(String topic, boolean matches) {}

    private final Kind kind;
    private final String text;
    private final boolean everything;

    /** Null: it means one topic only. */
    private final @Nullable Pattern pattern;

    private final @Nullable AtomicReferenceArray<@Nullable Verdict> verdicts;

    private final int size;

    private TopicSelector(Kind kind, String text, @Nullable Pattern pattern, int size) {
        this.kind = kind;
        this.text = text;
        this.size = size;
        this.everything = text.equals("*");
        this.pattern = everything ? null : pattern;
        this.verdicts = this.pattern == null ? null : new AtomicReferenceArray<>(REMEMBERED);
    }

    /**
     * As in version 0.x: what is no URI template is a topic, even if it looks like one.
     *
     * @throws Malformed it is one, but too large to be looked for
     */
    public static TopicSelector topic(String text) {
        if (text.indexOf('{') < 0) return single(Kind.TOPIC, text);
        Shape shape;
        try {
            shape = UriTemplate.parse(text);
        } catch (Malformed _) {
            return single(Kind.TOPIC, text);
        }
        Automaton template = new Automaton(shape);
        return new TopicSelector(
                Kind.TOPIC, text, topic -> template.matches(topic.text()), template.size());
    }

    private static TopicSelector single(Kind kind, String text) {
        return new TopicSelector(kind, text, null, 0);
    }

    public static TopicSelector exact(String text) {
        return single(Kind.EXACT, text);
    }

    /**
     * A URL pattern.
     *
     * @throws Malformed it is none
     */
    public static TopicSelector urlPattern(String text, Url base) {
        if (text.equals("*")) return single(Kind.URL_PATTERN, text);
        UrlPattern pattern = UrlPattern.parse(text, base);
        return new TopicSelector(
                Kind.URL_PATTERN, text, topic -> pattern.matches(topic.url()), pattern.size());
    }

    public Kind kind() {
        return kind;
    }

    public String text() {
        return text;
    }

    public boolean isEverything() {
        return everything;
    }

    /** Whether it means topics that can't be looked up. */
    public boolean isPattern() {
        return pattern != null;
    }

    /** Steps that a character of a topic may take; 0: it means one topic, or all. */
    public int size() {
        return size;
    }

    public boolean matches(Topic topic) {
        if (everything) return true;
        // a URL pattern isn't its own text: /a/:id is no topic that it matches by being equal
        if (kind != Kind.URL_PATTERN && text.equals(topic.text())) return true;
        if (pattern == null || verdicts == null) return false;
        if (topic.text().length() > MAX_TOPIC_CHARS) return false;
        int slot = topic.hashCode() & (REMEMBERED - 1);
        Verdict known = verdicts.get(slot);
        if (known != null && known.topic().equals(topic.text())) return known.matches();
        boolean matches = pattern.matches(topic);
        verdicts.set(slot, new Verdict(topic.text(), matches));
        return matches;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicSelector that && kind == that.kind && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode() * 31 + kind.hashCode();
    }

    @Override
    public String toString() {
        return kind + " " + text;
    }
}
