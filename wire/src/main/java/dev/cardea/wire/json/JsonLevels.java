package dev.cardea.wire.json;

import dev.cardea.wire.Malformed;
import java.util.Arrays;

/** Which of the open brackets are those of objects: one bit a level, so that nothing recurses. */
final class JsonLevels {
    private static final long[] NONE = new long[0];

    private long[] objects = NONE; // made for the first bracket

    private int limit = JsonReader.MAX_DEPTH;

    /** How many levels may be opened. */
    void limit(int levels) {
        limit = levels;
    }

    void open(int level, boolean isObject) {
        if (level == limit) throw new Malformed("nested too deep");
        if (level == objects.length * Long.SIZE) {
            objects =
                    Arrays.copyOf(
                            objects,
                            Math.max(JsonReader.MAX_DEPTH / Long.SIZE, objects.length * 2));
        }
        long bit = 1L << level;
        if (isObject) objects[level / Long.SIZE] |= bit;
        else objects[level / Long.SIZE] &= ~bit;
    }

    boolean isObject(int level) {
        return (objects[level / Long.SIZE] & 1L << level) != 0;
    }
}
