package dev.cardea.wire.json;

import dev.cardea.wire.Malformed;

/** Which of the open brackets are those of objects: one bit a level, so that nothing recurses. */
final class JsonLevels {
    private static final long[] NONE = new long[0];

    private long[] objects = NONE; // made for the first bracket

    void open(int level, boolean isObject) {
        if (level == JsonReader.MAX_DEPTH) throw new Malformed("nested too deep");
        if (objects.length == 0) objects = new long[JsonReader.MAX_DEPTH / Long.SIZE];
        long bit = 1L << level;
        if (isObject) objects[level / Long.SIZE] |= bit;
        else objects[level / Long.SIZE] &= ~bit;
    }

    boolean isObject(int level) {
        return (objects[level / Long.SIZE] & 1L << level) != 0;
    }
}
