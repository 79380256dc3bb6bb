package dev.cardea.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was written into the type of a key. As Centrifugo does, takes a number or a truth
 * value in quotes for what it is, but nothing that could be meant in two ways.
 */
final class Values {
    private Values() {}

    /** What to say when a value is wrong: "expected ...". */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        Unfit(String expected) {
            super(expected, null, false, false);
        }
    }

    static Object read(Schema.Key key, Node node) throws Unfit {
        Setting rules = key.rules();
        Class<?> type = key.type();
        if (type == List.class) return texts(node);
        if (type == Map.class) return textByName(node);
        if (!(node instanceof Node.Scalar scalar)) throw new Unfit(expected(type));
        if (type == String.class) return text(scalar);
        String text = scalar.text().strip();
        if (type == boolean.class) return truth(text);
        if (type == int.class) return (int) number(text, rules, Integer.MAX_VALUE);
        if (type == long.class) return number(text, rules, Long.MAX_VALUE);
        if (type == Duration.class) return duration(text, rules);
        if (type == MemoryShare.class) return orUnfit(MemoryShare.parse(text), type);
        // Centrifugo writes an empty text where it means the default.
        if (type.isEnum()) return constant(type, text.isEmpty() ? rules.is() : text);
        throw new IllegalStateException("no reader for " + type);
    }

    private static String expected(Class<?> type) {
        if (type == boolean.class) return "expected true or false";
        if (type == int.class || type == long.class) return "expected a whole number";
        if (type == Duration.class) return "expected a duration such as 25s, 300ms or 1h30m";
        if (type == MemoryShare.class) return "expected bytes such as 64MiB, or 1% to 100%";
        if (type.isEnum()) return "expected " + choices(type);
        return "expected a text";
    }

    private static <T> T orUnfit(@Nullable T value, Class<?> type) throws Unfit {
        if (value == null) throw new Unfit(expected(type));
        return value;
    }

    private static String text(Node.Scalar scalar) throws Unfit {
        if (scalar.kind() == Node.Kind.BOOLEAN)
            throw new Unfit("expected a text: put it in quotes");
        return scalar.text();
    }

    private static List<String> texts(Node node) throws Unfit {
        List<Node> items = node instanceof Node.Items list ? list.items() : List.of(node);
        List<String> texts = new ArrayList<>();
        for (Node item : items) {
            if (!(item instanceof Node.Scalar scalar)) throw new Unfit("expected a list of texts");
            texts.add(text(scalar));
        }
        return List.copyOf(texts);
    }

    private static Map<String, String> textByName(Node node) throws Unfit {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Node> entry : table(node).entries().entrySet()) {
            if (!(entry.getValue() instanceof Node.Scalar scalar)) {
                throw new Unfit("expected texts by name");
            }
            texts.put(entry.getKey(), text(scalar));
        }
        return Map.copyOf(texts);
    }

    /** The environment has a group as JSON. */
    private static Node.Table table(Node node) throws Unfit {
        if (node instanceof Node.Table table) return table;
        if (node instanceof Node.Scalar scalar && scalar.text().strip().startsWith("{")) {
            try {
                Node read = JsonReader.readJson(scalar.place().source(), scalar.text());
                if (read instanceof Node.Table table) return table;
            } catch (BadConfig _) {
                throw new Unfit("expected texts by name, as JSON");
            }
        }
        throw new Unfit("expected texts by name");
    }

    static boolean truth(String text) throws Unfit {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1", "yes", "on" -> true;
            case "false", "f", "0", "no", "off" -> false;
            default -> throw new Unfit(expected(boolean.class));
        };
    }

    private static long number(String text, Setting rules, long typeMax) throws Unfit {
        if (!text.matches("[-+]?[0-9]{1,18}")) throw new Unfit(expected(long.class));
        long number = Long.parseLong(text);
        long least = Long.parseLong(rules.atLeast());
        long most = rules.atMost().isEmpty() ? typeMax : Long.parseLong(rules.atMost());
        if (number >= least && number <= most) return number;
        boolean named = !rules.atMost().isEmpty() || number > most;
        throw new Unfit("expected " + (named ? least + " to " + most : "at least " + least));
    }

    private static Duration duration(String text, Setting rules) throws Unfit {
        Duration duration = orUnfit(DurationText.parse(text), Duration.class);
        Duration least = DurationText.parse(rules.atLeast());
        if (least != null && duration.compareTo(least) < 0) {
            throw new Unfit("expected at least " + rules.atLeast());
        }
        return duration;
    }

    /** A constant is written in small letters; UNSET is an empty text. */
    private static Object constant(Class<?> type, String text) throws Unfit {
        for (Object constant : type.getEnumConstants()) {
            if (written(constant).equals(text)) return constant;
        }
        throw new Unfit(expected(type));
    }

    private static String choices(Class<?> type) {
        List<String> choices =
                Stream.of(type.getEnumConstants())
                        .map(Values::written)
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.toList());
        if (choices.size() == 1) return choices.getFirst();
        String last = choices.removeLast();
        return String.join(", ", choices) + " or " + last;
    }

    /** As an operator would write a value of any type. */
    static String written(Object value) {
        return switch (value) {
            case Enum<?> constant when constant.name().equals("UNSET") -> "";
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            case Duration duration -> DurationText.format(duration);
            default -> value.toString();
        };
    }
}
