package dev.cardea.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reading the JSON messages of a text frame, one a line. */
final class Lines {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");
    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");

    private Lines() {}

    /** Where the next line feed is, or {@code end}; looks at eight bytes at a time. */
    static int end(ByteBuffer in, int from, int end) {
        int at = from;
        for (; at + 8 <= end; at += 8) {
            long zeroIfLineFeed = in.getLong(at) ^ (ONES * '\n');
            long found = (zeroIfLineFeed - ONES) & ~zeroIfLineFeed & HIGH_BITS;
            if (found != 0) return at + Long.numberOfTrailingZeros(found) / 8;
        }
        while (at < end && in.get(at) != '\n') at++;
        return at;
    }

    /** The position in a subscribe reply; {@link Position#NONE} if the channel keeps no history. */
    static Position position(String reply) {
        Matcher epoch = EPOCH.matcher(reply);
        if (!epoch.find()) return Position.NONE;
        Matcher offset = OFFSET.matcher(reply);
        return new Position(epoch.group(1), offset.find() ? Long.parseLong(offset.group(1)) : 0);
    }
}
