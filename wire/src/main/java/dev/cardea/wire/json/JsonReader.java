package dev.cardea.wire.json;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pulls values out of UTF-8 JSON text (RFC 8259), strictly: no comments, no lenient numbers, no
 * invalid UTF-8, also inside what is skipped. Every method throws {@link Malformed} when something
 * else comes. Time is linear in the text, and nothing recurses. Not thread safe; the array is
 * borrowed.
 *
 * <p>Where a typed value is read, {@code null} stands for the type's empty value, as in protocols
 * that leave empty fields out.
 *
 * <pre>{@code
 * in.beginObject();
 * for (String name = in.nextName(); name != null; name = in.nextName()) {
 *     switch (name) {
 *         case "id" -> id = in.uint32();
 *         default -> in.skip();
 *     }
 * }
 * in.end();
 * }</pre>
 */
public final class JsonReader {
    /** How deep a skipped or raw value may nest. What is read is as deep as its reader goes. */
    public static final int MAX_DEPTH = 512;

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private final JsonNames names;
    private final byte[] array;
    private final int end;
    private int at;
    private boolean atFirst; // right behind an opening bracket: no comma due
    private final JsonLevels levels = new JsonLevels();

    /** Reads {@code array} from {@code from} to before {@code to}. */
    public JsonReader(JsonNames names, byte[] array, int from, int to) {
        this.names = names;
        this.array = array;
        this.at = from;
        this.end = to;
    }

    /** Whether the bytes are one JSON value, whole and by the rules. */
    public static boolean isValid(byte[] array, int from, int to) {
        try {
            JsonReader reader = new JsonReader(JsonNames.NONE, array, from, to);
            reader.skip();
            reader.end();
            return true;
        } catch (Malformed _) {
            return false;
        }
    }

    /** Where the next value begins, to come back to with {@link #seek}. */
    public int position() {
        skipSpace();
        return at;
    }

    /** Goes to where a value begins. */
    public void seek(int position) {
        at = position;
        atFirst = false;
    }

    /** Nothing but white space may be left. */
    public void end() {
        skipSpace();
        if (at != end) throw new Malformed("something follows the JSON value");
    }

    public void beginObject() {
        expect('{');
        atFirst = true;
    }

    /** The next member's name, with its value coming next; null where the object ends. */
    public @Nullable String nextName() {
        if (!more('}')) return null;
        String name = name();
        expect(':');
        return name;
    }

    public void beginArray() {
        expect('[');
        atFirst = true;
    }

    /** Whether an element comes next; false where the array ends. */
    public boolean nextElement() {
        return more(']');
    }

    private boolean more(int close) {
        int next = peek();
        if (next == close) {
            at++;
            atFirst = false;
            return false;
        }
        if (!atFirst) expect(',');
        atFirst = false;
        return true;
    }

    /** Steps over {@code null} if that comes next. */
    public boolean skipNull() {
        if (peek() != 'n') return false;
        literal(NULL);
        return true;
    }

    public boolean bool() {
        if (skipNull()) return false;
        boolean value = peek() == 't';
        literal(value ? TRUE : FALSE);
        return value;
    }

    /** An unsigned 32-bit number. */
    public int uint32() {
        long value = uint64();
        if (value >>> 32 != 0) throw new Malformed("number above 32 bits");
        return (int) value;
    }

    public int int32() {
        long value = int64();
        if (value != (int) value) throw new Malformed("number above 32 bits");
        return (int) value;
    }

    /** An unsigned 64-bit number. */
    public long uint64() {
        return skipNull() ? 0 : magnitude();
    }

    public long int64() {
        if (skipNull()) return 0;
        if (peek() != '-') {
            long value = magnitude();
            if (value < 0) throw new Malformed("number above 64 bits");
            return value;
        }
        at++;
        long value = -magnitude();
        if (value > 0) throw new Malformed("number below 64 bits");
        return value;
    }

    /** RFC 8259 section 6, whole numbers only: an integer field takes neither 1.0 nor 1e3. */
    private long magnitude() {
        int first = at < end ? array[at] : 0;
        if (first < '0' || first > '9') throw new Malformed("number expected");
        at++;
        long value = Character.digit(first, 10);
        while (at < end && isDigit(array[at])) {
            int digit = array[at++] - '0';
            if (first == '0') throw new Malformed("number with a leading zero");
            if (Long.compareUnsigned(value, Long.divideUnsigned(-1 - digit, 10)) > 0) {
                throw new Malformed("number above 64 bits");
            }
            value = value * 10 + digit;
        }
        if (at < end && (array[at] == '.' || (array[at] | 0x20) == 'e')) {
            throw new Malformed("whole number expected");
        }
        return value;
    }

    private static boolean isDigit(int oneByte) {
        return oneByte >= '0' && oneByte <= '9';
    }

    /** The next value, an object of texts, in its order; null is an empty one. */
    public Map<String, String> textByName() {
        if (skipNull()) return Map.of();
        Map<String, String> texts = new LinkedHashMap<>();
        beginObject();
        for (String name = nextName(); name != null; name = nextName()) texts.put(name, text());
        return texts;
    }

    /** A string. Escaped surrogates without their partner become U+FFFD. */
    public String text() {
        return skipNull() ? "" : string();
    }

    private String name() {
        if (peek() != '"') throw new Malformed("member name expected");
        int start = at + 1;
        int i = start;
        while (i < end && isPlain(array[i])) i++;
        if (i == end || array[i] != '"') return string();
        at = i + 1;
        String known = names.find(array, start, i);
        return known != null
                ? known
                : new String(array, start, i - start, StandardCharsets.US_ASCII);
    }

    private String string() {
        if (peek() != '"') throw new Malformed("string expected");
        int start = ++at;
        boolean ascii = true;
        while (true) {
            int b = stringByte();
            if (b == '"') break;
            if (b == '\\') return escapedString(start);
            if (b < 0) {
                at += JsonUtf8.lengthAt(array, at, end);
                ascii = false;
            } else {
                at++;
            }
        }
        int length = at++ - start;
        return new String(
                array, start, length, ascii ? StandardCharsets.US_ASCII : StandardCharsets.UTF_8);
    }

    /** The slow way, from the string's beginning; {@code at} stands at its first backslash. */
    private String escapedString(int start) {
        StringBuilder text = new StringBuilder(Math.min(end - start, at - start + 64));
        text.append(new String(array, start, at - start, StandardCharsets.UTF_8));
        while (true) {
            int b = stringByte();
            if (b == '"') break;
            if (b == '\\') {
                text.append(escape());
            } else if (b < 0) {
                int length = JsonUtf8.lengthAt(array, at, end);
                text.appendCodePoint(JsonUtf8.codePointAt(array, at, length));
                at += length;
            } else {
                text.append((char) b);
                at++;
            }
        }
        at++;
        JsonUtf8.replaceLoneSurrogates(text);
        return text.toString();
    }

    /** RFC 8259 section 7. */
    private char escape() {
        if (at + 1 >= end) throw new Malformed("string does not end");
        int kind = array[at + 1];
        at += 2;
        return switch (kind) {
            case '"', '\\', '/' -> (char) kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex4();
            default -> throw new Malformed("unknown escape in a string");
        };
    }

    private char hex4() {
        if (end - at < 4) throw new Malformed("string does not end");
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit((char) (array[at++] & 0xFF), 16);
            if (digit < 0) throw new Malformed("escape without its four hex digits");
            value = value << 4 | digit;
        }
        return (char) value;
    }

    /** The byte at hand, which may be anything but the end or a bare control character. */
    private int stringByte() {
        if (at == end) throw new Malformed("string does not end");
        int b = array[at];
        if (b >= 0 && b < 0x20) throw new Malformed("bare control character in a string");
        return b;
    }

    private static boolean isPlain(int oneByte) {
        return oneByte >= 0x20 && oneByte != '"' && oneByte != '\\';
    }

    /** The next value as it stands in the text, {@code null} too, without space around it. */
    public Bytes raw() {
        skipSpace();
        int start = at;
        skip();
        return Bytes.wrap(Arrays.copyOfRange(array, start, at));
    }

    /** Steps over one value of any kind, checking it no less than what is read. */
    public void skip() {
        int depth = 0;
        while (true) {
            int opened = skipScalarOrOpen();
            if (opened != 0) {
                levels.open(depth++, opened == '{');
                if (peek() != (opened == '{' ? '}' : ']')) {
                    if (opened == '{') skipName();
                    continue;
                }
                at++;
                depth--;
            }
            while (depth > 0 && closes(depth - 1)) depth--;
            if (depth == 0) return;
            if (levels.isObject(depth - 1)) skipName();
        }
    }

    /** Steps over one value however deep it nests, at the price of a bit for each level. */
    public void skipDeep() {
        levels.limit(end - at);
        try {
            skip();
        } finally {
            levels.limit(MAX_DEPTH);
        }
    }

    /** Behind an element: whether its container ends here, otherwise there was a comma. */
    private boolean closes(int level) {
        int next = peek();
        at++;
        if (next == (levels.isObject(level) ? '}' : ']')) return true;
        if (next != ',') throw new Malformed("comma expected");
        return false;
    }

    private void skipName() {
        if (peek() != '"') throw new Malformed("member name expected");
        skipString();
        expect(':');
    }

    /** Returns the bracket that it stepped over, or 0 behind a scalar. */
    private int skipScalarOrOpen() {
        int first = peek();
        switch (first) {
            case '{', '[' -> {
                at++;
                return first;
            }
            case '"' -> skipString();
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            case 'n' -> literal(NULL);
            default -> skipNumber();
        }
        return 0;
    }

    private void skipString() {
        at++;
        while (true) {
            int i = at;
            while (i < end && isPlain(array[i])) i++;
            at = i;
            int b = stringByte();
            if (b == '"') break;
            if (b == '\\') escape();
            else at += JsonUtf8.lengthAt(array, at, end);
        }
        at++;
    }

    private void skipNumber() {
        if (array[at] == '-') at++;
        if (at < end && array[at] == '0') at++;
        else skipDigits();
        if (at < end && array[at] == '.') {
            at++;
            skipDigits();
        }
        if (at < end && (array[at] | 0x20) == 'e') {
            at++;
            if (at < end && (array[at] == '+' || array[at] == '-')) at++;
            skipDigits();
        }
    }

    private void skipDigits() {
        int start = at;
        while (at < end && isDigit(array[at])) at++;
        if (at == start) throw new Malformed("value expected");
    }

    private void literal(byte[] word) {
        int last = at + word.length;
        if (last > end || !Arrays.equals(array, at, last, word, 0, word.length)) {
            throw new Malformed("value expected");
        }
        at = last;
    }

    private void expect(int token) {
        if (peek() != token) throw new Malformed("'" + (char) token + "' expected");
        at++;
    }

    /** The next byte that is not white space. */
    private int peek() {
        skipSpace();
        if (at == end) throw new Malformed("JSON text does not end");
        return array[at];
    }

    private void skipSpace() {
        while (at < end) {
            int b = array[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') return;
            at++;
        }
    }
}
