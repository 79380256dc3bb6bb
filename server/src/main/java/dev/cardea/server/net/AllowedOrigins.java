package dev.cardea.server.net;

import java.util.List;
import java.util.Locale;

/**
 * {@code client.allowed_origins}: patterns in which {@code *} stands for any characters, matched on
 * the origin in lower case. None allows no browser at all.
 */
public final class AllowedOrigins implements OriginCheck {
    private final List<Glob> globs;

    public AllowedOrigins(List<String> patterns) {
        globs = patterns.stream().map(pattern -> Glob.of(lower(pattern))).toList();
    }

    @Override
    public boolean allows(String origin, RequestHead head) {
        String lower = lower(origin);
        return globs.stream().anyMatch(glob -> glob.matches(lower));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /**
     * The texts between the stars. To take each where it is found first is always right, so nothing
     * is tried twice: the time is the text's length times that of the longest piece, at most.
     *
     * @param pieces at least one; with one, there is no star
     */
    private record Glob(List<String> pieces) {
        static Glob of(String pattern) {
            return new Glob(List.of(pattern.split("\\*", -1)));
        }

        boolean matches(String text) {
            if (pieces.size() == 1) return text.equals(pieces.getFirst());
            String first = pieces.getFirst();
            String last = pieces.getLast();
            int at = first.length();
            int end = text.length() - last.length();
            if (end < at || !text.startsWith(first) || !text.endsWith(last)) return false;
            for (String piece : pieces.subList(1, pieces.size() - 1)) {
                int found = text.indexOf(piece, at, end);
                if (found < 0) return false;
                at = found + piece.length();
            }
            return true;
        }
    }
}
