package dev.cardea.server.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Guesses what a misspelt name was meant to be. */
final class Spelling {
    // Longer names are no typing errors, and the distance takes time with the square of the length.
    private static final int MAX_LENGTH = 200;

    private Spelling() {}

    /**
     * The nearest name, or null if none is near: a third of the letters may be wrong, at most 4.
     */
    static @Nullable String nearest(String name, Collection<String> names) {
        if (name.length() > MAX_LENGTH) return null;
        String nearest = null;
        int least = Math.min(4, Math.max(1, name.length() / 3)) + 1;
        for (String candidate : names) {
            if (Math.abs(candidate.length() - name.length()) >= least) continue;
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** How many letters must be changed, added, removed or swapped with a neighbour. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) last[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
