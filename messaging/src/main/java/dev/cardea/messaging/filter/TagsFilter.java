package dev.cardea.messaging.filter;

import dev.cardea.wire.centrifuge.FilterNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tags filter whose meaning was checked. Immutable; equal filters are equal, so that one of them
 * can judge for all.
 *
 * <p>A tag that a publication doesn't have is neither equal to anything nor in any list; whatever
 * else is asked of it is false. Numbers are decimal, of 64 characters at most; a tag that is none
 * compares as false.
 */
public sealed interface TagsFilter {
    /** Texts in one filter may be as long as this, all together. */
    int MAX_TEXT_CHARS = 16 * 1024;

    boolean passes(Map<String, String> tags);

    /**
     * @return null if it means nothing, or is larger than a filter may be
     */
    static @Nullable TagsFilter of(FilterNode node) {
        return FilterReader.read(node);
    }

    record And(List<TagsFilter> all) implements TagsFilter {
        @Override
        public boolean passes(Map<String, String> tags) {
            for (TagsFilter each : all) if (!each.passes(tags)) return false;
            return true;
        }
    }

    record Or(List<TagsFilter> any) implements TagsFilter {
        @Override
        public boolean passes(Map<String, String> tags) {
            for (TagsFilter each : any) if (each.passes(tags)) return true;
            return false;
        }
    }

    record Not(TagsFilter not) implements TagsFilter {
        @Override
        public boolean passes(Map<String, String> tags) {
            return !not.passes(tags);
        }
    }

    record Exists(String key) implements TagsFilter {
        @Override
        public boolean passes(Map<String, String> tags) {
            return tags.containsKey(key);
        }
    }

    record Equal(String key, String value) implements TagsFilter {
        @Override
        public boolean passes(Map<String, String> tags) {
            return value.equals(tags.get(key));
        }
    }

    record In(String key, Set<String> values) implements TagsFilter {
        @Override
        public boolean passes(Map<String, String> tags) {
            String tag = tags.get(key);
            return tag != null && values.contains(tag);
        }
    }

    /** What a tag's text is looked at for. */
    enum Part {
        START,
        END,
        ANYWHERE
    }

    record Has(String key, Part where, String text) implements TagsFilter {
        @Override
        public boolean passes(Map<String, String> tags) {
            String tag = tags.get(key);
            if (tag == null) return false;
            return switch (where) {
                case START -> tag.startsWith(text);
                case END -> tag.endsWith(text);
                case ANYWHERE -> tag.contains(text);
            };
        }
    }

    /** How a tag's number stands to the filter's. */
    enum Order {
        BELOW,
        AT_MOST,
        ABOVE,
        AT_LEAST
    }

    record Compared(String key, Order order, DecimalText number) implements TagsFilter {
        @Override
        public boolean passes(Map<String, String> tags) {
            String tag = tags.get(key);
            DecimalText value = tag == null ? null : DecimalText.of(tag);
            if (value == null) return false;
            int compared = value.compareTo(number);
            return switch (order) {
                case BELOW -> compared < 0;
                case AT_MOST -> compared <= 0;
                case ABOVE -> compared > 0;
                case AT_LEAST -> compared >= 0;
            };
        }
    }
}
