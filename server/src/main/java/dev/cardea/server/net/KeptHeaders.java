package dev.cardea.server.net;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which headers of a client's request its connection remembers. Immutable. */
public final class KeptHeaders {
    public static final KeptHeaders NONE = new KeptHeaders(List.of());

    /** What one connection may remember, names and values: requests may have more. */
    private static final int MAX_CHARS = 16 * 1024;

    private final List<String> names;

    /**
     * @param names in any case
     */
    public KeptHeaders(Collection<String> names) {
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList();
    }

    /**
     * By lower-case name. Values that come several times are joined by a comma (RFC 9110 section
     * 5.3), cookies by a semicolon (RFC 9113 section 8.2.3). What doesn't fit is left out.
     */
    public Map<String, String> in(RequestHead head) {
        if (names.isEmpty()) return Map.of();
        Map<String, String> kept = new HashMap<>();
        int room = MAX_CHARS;
        for (String name : names) {
            List<String> values = head.headers(name);
            if (values.isEmpty()) continue;
            String value = String.join(name.equals("cookie") ? "; " : ", ", values);
            room -= name.length() + value.length();
            if (room < 0) break;
            kept.put(name, value);
        }
        return Map.copyOf(kept);
    }
}
