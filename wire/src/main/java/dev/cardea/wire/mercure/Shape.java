package dev.cardea.wire.mercure;

import java.util.List;

/** What a text has to look like; {@link Automaton} tells whether it does. */
sealed interface Shape {
    Shape NOTHING = new Literal("");

    record Literal(String text) implements Shape {}

    /** One character of a set. */
    record One(CharSet of) implements Shape {}

    record Sequence(List<Shape> parts) implements Shape {}

    record Choice(List<Shape> alternatives) implements Shape {}

    /**
     * @param most {@link #UNLIMITED}, or how often at most
     */
    record Repeat(Shape of, int least, int most) implements Shape {}

    int UNLIMITED = -1;

    static Shape sequence(Shape... parts) {
        return new Sequence(List.of(parts));
    }

    static Shape optional(Shape of) {
        return new Repeat(of, 0, 1);
    }

    static Shape any(Shape of) {
        return new Repeat(of, 0, UNLIMITED);
    }
}
