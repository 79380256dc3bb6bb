package dev.cardea.messaging.filter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A number as tags hold it: a sign, digits, and digits behind a point; no exponent. */
record DecimalText(BigDecimal value) implements Comparable<DecimalText> {
    /** Longer ones take more than a moment to read. */
    private static final int MAX_CHARS = 64;

    /** Null: it is no number. */
    static @Nullable DecimalText of(String text) {
        return isDecimal(text) ? new DecimalText(new BigDecimal(text)) : null;
    }

    private static boolean isDecimal(String text) {
        int length = text.length();
        if (length > MAX_CHARS) return false;
        int from = length > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        int point = text.indexOf('.', from);
        if (point < 0) return areDigits(text, from, length);
        return areDigits(text, from, point) && areDigits(text, point + 1, length);
    }

    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') return false;
        }
        return to > from;
    }

    @Override
    public int compareTo(DecimalText other) {
        return value.compareTo(other.value);
    }
}
