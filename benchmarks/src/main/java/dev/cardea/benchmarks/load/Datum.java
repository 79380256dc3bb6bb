package dev.cardea.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The data of a publication: a JSON object of a fixed number of bytes that tells its place and
 * time, at offsets that never move, so that it is read without parsing JSON.
 *
 * <pre>{"s":"0000000000000001","t":"00001d9b7ac0f1e2","p":"------------------------"}</pre>
 */
final class Datum {
    private static final byte[] START = "{\"s\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final long START_LONG = 0x22_3a_22_73_22_7bL; // the same, little-endian
    private static final long START_MASK = 0xffff_ffff_ffffL;
    private static final int SEQUENCE = 6;
    private static final int TIME = 29;
    private static final int FILLER = 52;
    private static final int DIGITS = 16;
    private static final String[] WORDS = {
        "price ", "volume ", "the ", "of ", "changed ", "from ", "to ", "EUR ", "12.50 ", "1024 ",
        "market ", "opened ", "closed ", "a ", "bid ", "ask ", "order ", "97.3 ", "at ", "is "
    };
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < HEX.length; i++) VALUES[HEX[i]] = (byte) i;
    }

    private Datum() {}

    /** An object of {@code lengthBytes} with both numbers zero. */
    static byte[] template(int lengthBytes) {
        String zeros = "0".repeat(DIGITS);
        String head = "{\"s\":\"" + zeros + "\",\"t\":\"" + zeros + "\",\"p\":\"";
        String filler = "-".repeat(lengthBytes - head.length() - 2);
        return (head + filler + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    /** The same, with words that compress as text does. */
    static byte[] text(int lengthBytes) {
        byte[] datum = template(lengthBytes);
        SplittableRandom random = new SplittableRandom(1);
        for (int at = FILLER; at < lengthBytes - 2; ) {
            byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.US_ASCII);
            int length = Math.min(word.length, lengthBytes - 2 - at);
            System.arraycopy(word, 0, datum, at, length);
            at += length;
        }
        return datum;
    }

    static void write(byte[] message, int at, long sequence, long nanos) {
        hex(message, at + SEQUENCE, sequence);
        hex(message, at + TIME, nanos);
    }

    /** Is a whole datum at {@code at}, its last bytes in place? {@code in} is little-endian. */
    static boolean isAt(ByteBuffer in, int at, int end, int lengthBytes) {
        return at + lengthBytes <= end
                && (in.getLong(at) & START_MASK) == START_LONG
                && in.get(at + lengthBytes - 2) == '"'
                && in.get(at + lengthBytes - 1) == '}';
    }

    /** The first datum in the range, or -1. */
    static int find(ByteBuffer in, int from, int end, int lengthBytes) {
        for (int at = from; at + lengthBytes <= end; at++) {
            if (in.get(at) == START[0] && isAt(in, at, end, lengthBytes)) return at;
        }
        return -1;
    }

    static long sequence(ByteBuffer in, int at) {
        return number(in, at + SEQUENCE);
    }

    static long nanos(ByteBuffer in, int at) {
        return number(in, at + TIME);
    }

    private static void hex(byte[] to, int at, long value) {
        for (int i = 0; i < DIGITS; i++) to[at + i] = HEX[(int) (value >>> (60 - 4 * i)) & 15];
    }

    private static long number(ByteBuffer in, int at) {
        long value = 0;
        for (int i = 0; i < DIGITS; i++) value = value << 4 | VALUES[in.get(at + i) & 0x7f];
        return value;
    }
}
