package dev.cardea.wire.json;

import org.jspecify.annotations.Nullable;

/**
 * The member names that a protocol knows, so that reading one of them makes no new String.
 * Immutable, thread safe. Lookups cost the name's length and at most a few probes whatever the
 * input, since the table never changes.
 */
public final class JsonNames {
    public static final JsonNames NONE = new JsonNames();

    private final String[] table;

    /**
     * @param names ASCII, without characters that need an escape
     */
    public JsonNames(String... names) {
        table = new String[Math.max(8, Integer.highestOneBit(names.length) * 4)];
        for (String name : names) add(name);
    }

    private void add(String name) {
        int slot = name.hashCode() & (table.length - 1);
        while (table[slot] != null && !table[slot].equals(name)) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = name;
    }

    /** The known name with these bytes, or null. */
    @Nullable String find(byte[] array, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) hash = 31 * hash + array[i]; // String.hashCode of ASCII
        int slot = hash & (table.length - 1);
        while (table[slot] != null) {
            if (isEqual(table[slot], array, from, to)) return table[slot];
            slot = (slot + 1) & (table.length - 1);
        }
        return null;
    }

    private static boolean isEqual(String name, byte[] array, int from, int to) {
        if (name.length() != to - from) return false;
        for (int i = from; i < to; i++) {
            if (name.charAt(i - from) != array[i]) return false;
        }
        return true;
    }
}
