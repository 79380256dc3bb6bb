package dev.cardea.wire.websocket;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Negotiates the extension {@code permessage-deflate} (RFC 7692 section 7.1), always without
 * context takeover in both directions: so that one compressed frame serves every connection, and
 * one inflater all connections of a loop. Stateless and thread safe.
 *
 * <p>The JDK's deflater has one window size, 2^15 bytes. An offer that asks for less is declined;
 * the next one may do.
 */
public final class PerMessageDeflate {
    private static final String NAME = "permessage-deflate";
    private static final String AGREED =
            NAME + "; server_no_context_takeover; client_no_context_takeover";
    private static final String WITH_WINDOW = AGREED + "; server_max_window_bits=15";

    private PerMessageDeflate() {}

    /**
     * What to answer in {@code Sec-WebSocket-Extensions}.
     *
     * @param offers all values of the request's header, in order
     * @return null: nothing was offered that can be agreed to, so nothing is compressed
     */
    public static @Nullable String answer(List<String> offers) {
        for (String value : offers) {
            for (String offer : value.split(",", -1)) { // none of its parameters may hold a comma
                String answer = answerOne(offer);
                if (answer != null) return answer;
            }
        }
        return null;
    }

    private static @Nullable String answerOne(String offer) {
        String[] parts = offer.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase(NAME)) return null;
        String answer = AGREED;
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).strip();
            String value = equals < 0 ? null : unquoted(parts[i].substring(equals + 1).strip());
            if (!seen.add(name.toLowerCase(Locale.ROOT))) return null;
            switch (name.toLowerCase(Locale.ROOT)) {
                case "server_no_context_takeover", "client_no_context_takeover" -> {
                    if (value != null) return null;
                }
                case "client_max_window_bits" -> { // a hint: what it says, any inflater can read
                    if (value != null && !isWindow(value)) return null;
                }
                case "server_max_window_bits" -> {
                    if (value == null || !value.equals("15")) return null;
                    answer = WITH_WINDOW; // which has to be said again, section 7.1.2.1
                }
                default -> {
                    return null;
                }
            }
        }
        return answer;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** 8 to 15, without a leading zero (section 7.1.2). */
    private static boolean isWindow(String value) {
        return switch (value) {
            case "8", "9", "10", "11", "12", "13", "14", "15" -> true;
            default -> false;
        };
    }
}
