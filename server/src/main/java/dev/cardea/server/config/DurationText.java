package dev.cardea.server.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Go writes them, and so Centrifugo: {@code 25s}, {@code 1h30m}, {@code 1.5s}. */
public final class DurationText {
    private static final Pattern PART =
            Pattern.compile("([0-9]{1,12})(?:\\.([0-9]{1,9}))?(ns|us|µs|ms|s|m|h)");

    private DurationText() {}

    /** Null if the text is no duration, or a negative one. */
    public static @Nullable Duration parse(String text) {
        if (text.equals("0")) return Duration.ZERO;
        if (text.isEmpty() || text.length() > 64) return null;
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int at = 0;
        while (at < text.length()) {
            if (!part.find(at) || part.start() != at) return null;
            long unitNanos = nanosOf(part.group(3));
            Duration unit = Duration.ofNanos(unitNanos);
            sum = sum.plus(unit.multipliedBy(Long.parseLong(part.group(1))));
            if (part.group(2) != null) {
                String fraction = part.group(2);
                long scale = (long) Math.pow(10, fraction.length());
                sum = sum.plusNanos((long) ((double) Long.parseLong(fraction) / scale * unitNanos));
            }
            at = part.end();
        }
        return sum;
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }

    /** The shortest text that {@link #parse} reads back to the same. */
    public static String format(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        append(text, duration.toNanosPart() % 1_000_000, "ns");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count > 0) text.append(count).append(unit);
    }
}
