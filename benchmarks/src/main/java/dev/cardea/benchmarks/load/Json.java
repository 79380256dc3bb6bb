package dev.cardea.benchmarks.load;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Figures as JSON, for benchmarks/run. */
final class Json {
    private Json() {}

    static String of(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                String fields =
                        map.entrySet().stream()
                                .map(e -> of(String.valueOf(e.getKey())) + ":" + of(e.getValue()))
                                .collect(Collectors.joining(","));
                yield "{" + fields + "}";
            }
            case List<?> list ->
                    list.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
            case Double number -> Double.isFinite(number) ? number.toString() : "null";
            case Number number -> number.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder to = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') to.append("\\u%04x".formatted((int) c));
            else to.append(c);
        }
        return to.append('"').toString();
    }
}
