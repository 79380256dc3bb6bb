package dev.cardea.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration as it was written, before anything is known of its keys. */
sealed interface Node {
    Place place();

    /** Groups may be added to while the sources are laid over one another. */
    record Table(Place place, Map<String, Node> entries) implements Node {
        static Table empty(Place place) {
            return new Table(place, new LinkedHashMap<>());
        }
    }

    record Items(Place place, List<Node> items) implements Node {}

    /** The text is as it was written, without quotes. */
    record Scalar(Place place, Kind kind, String text) implements Node {}

    /** What the syntax of the file says that a scalar is. */
    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        /** {@code null}, or nothing at all: as if the key weren't there. */
        NOTHING
    }

    default boolean isNothing() {
        return this instanceof Scalar scalar && scalar.kind() == Kind.NOTHING;
    }

    /** For messages: what was found. */
    default String found() {
        return switch (this) {
            case Table(Place _, Map<String, Node> _) -> "a group of keys";
            case Items(Place _, List<Node> _) -> "a list";
            case Scalar(Place _, Kind kind, String text) ->
                    switch (kind) {
                        case TEXT -> '"' + shortened(text) + '"';
                        case NUMBER, BOOLEAN -> shortened(text);
                        case NOTHING -> "nothing";
                    };
        };
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
