package dev.cardea.server.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A part of the memory: so many bytes, or a percentage. Exactly one of the two isn't zero. */
public record MemoryShare(int percent, long bytes) {
    /** The share in bytes, of a whole of so many. */
    public long bytesOf(long wholeBytes) {
        // divides first: the whole may be close to Long.MAX_VALUE when the JVM knows no bound
        return percent > 0 ? wholeBytes / 100 * percent : bytes;
    }

    /** Reads {@code 25%}, {@code 1048576}, {@code 64KiB}, {@code 512MiB} or {@code 2GiB}. */
    static @Nullable MemoryShare parse(String text) {
        if (text.endsWith("%")) {
            long percent = digits(text.substring(0, text.length() - 1));
            return percent >= 1 && percent <= 100 ? new MemoryShare((int) percent, 0) : null;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        int shift =
                lower.endsWith("kib")
                        ? 10
                        : lower.endsWith("mib") ? 20 : lower.endsWith("gib") ? 30 : 0;
        long number = digits(shift == 0 ? text : text.substring(0, text.length() - 3));
        return number >= 1 && number <= Long.MAX_VALUE >> shift
                ? new MemoryShare(0, number << shift)
                : null;
    }

    private static long digits(String text) {
        String trimmed = text.strip();
        return trimmed.matches("[0-9]{1,18}") ? Long.parseLong(trimmed) : -1;
    }

    /** As an operator writes it. */
    @Override
    public String toString() {
        return percent > 0 ? percent + "%" : Long.toString(bytes);
    }
}
