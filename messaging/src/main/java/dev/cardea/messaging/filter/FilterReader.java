package dev.cardea.messaging.filter;

import dev.cardea.wire.centrifuge.FilterNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives a filter as a client wrote it its meaning, or refuses it. */
final class FilterReader {
    private int chars;

    private FilterReader() {}

    /** Codecs bound depth and number of nodes. */
    static @Nullable TagsFilter read(FilterNode node) {
        try {
            return new FilterReader().filter(node);
        } catch (Meaningless _) {
            return null;
        }
    }

    private TagsFilter filter(FilterNode node) {
        return switch (node.op()) {
            case "" -> leaf(node);
            case "and" -> new TagsFilter.And(filters(node));
            case "or" -> new TagsFilter.Or(filters(node));
            case "not" -> {
                if (node.nodes().size() != 1) throw new Meaningless();
                yield new TagsFilter.Not(filter(node.nodes().getFirst()));
            }
            default -> throw new Meaningless();
        };
    }

    private List<TagsFilter> filters(FilterNode node) {
        if (node.nodes().isEmpty()) throw new Meaningless();
        List<TagsFilter> filters = new ArrayList<>(node.nodes().size());
        for (FilterNode each : node.nodes()) filters.add(filter(each));
        return List.copyOf(filters);
    }

    private TagsFilter leaf(FilterNode node) {
        String key = text(node.key());
        if (key.isEmpty() || !node.nodes().isEmpty()) throw new Meaningless();
        return switch (node.cmp()) {
            case "eq" -> new TagsFilter.Equal(key, value(node));
            case "neq" -> new TagsFilter.Not(new TagsFilter.Equal(key, value(node)));
            case "in" -> new TagsFilter.In(key, values(node));
            case "nin" -> new TagsFilter.Not(new TagsFilter.In(key, values(node)));
            case "ex" -> exists(node, key);
            case "nex" -> new TagsFilter.Not(exists(node, key));
            case "sw" -> new TagsFilter.Has(key, TagsFilter.Part.START, value(node));
            case "ew" -> new TagsFilter.Has(key, TagsFilter.Part.END, value(node));
            case "ct" -> new TagsFilter.Has(key, TagsFilter.Part.ANYWHERE, value(node));
            case "lt" -> new TagsFilter.Compared(key, TagsFilter.Order.BELOW, number(node));
            case "lte" -> new TagsFilter.Compared(key, TagsFilter.Order.AT_MOST, number(node));
            case "gt" -> new TagsFilter.Compared(key, TagsFilter.Order.ABOVE, number(node));
            case "gte" -> new TagsFilter.Compared(key, TagsFilter.Order.AT_LEAST, number(node));
            default -> throw new Meaningless();
        };
    }

    private static TagsFilter exists(FilterNode node, String key) {
        if (!node.val().isEmpty() || !node.vals().isEmpty()) throw new Meaningless();
        return new TagsFilter.Exists(key);
    }

    private String value(FilterNode node) {
        if (!node.vals().isEmpty()) throw new Meaningless();
        return text(node.val());
    }

    private Set<String> values(FilterNode node) {
        if (node.vals().isEmpty() || !node.val().isEmpty()) throw new Meaningless();
        for (String each : node.vals()) text(each);
        return Set.copyOf(node.vals());
    }

    private DecimalText number(FilterNode node) {
        DecimalText number = DecimalText.of(value(node));
        if (number == null) throw new Meaningless();
        return number;
    }

    /** Counts the text, with something for the object that holds it. */
    private String text(String text) {
        chars += text.length() + 8;
        if (chars > TagsFilter.MAX_TEXT_CHARS) throw new Meaningless();
        return text;
    }

    private static final class Meaningless extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Meaningless() {
            super("", null, false, false);
        }
    }
}
