package dev.cardea.server.net;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates as HTTP writes them today (IMF-fixdate, RFC 9110 section 5.6.7). */
final class HttpDate {
    // RFC_1123_DATE_TIME of the JDK writes days below ten with one digit.
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /** Null if it is no such date: a condition with a broken date is to be ignored. */
    static @Nullable Instant parse(String date) {
        try {
            return FORMAT.parse(date, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
