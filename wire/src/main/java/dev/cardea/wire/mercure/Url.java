package dev.cardea.wire.mercure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A URL taken apart, as the URL standard does it, as far as matching topics needs it: without its
 * rules for numeric hosts, for hosts beyond ASCII and for Windows drives.
 *
 * @param hasOpaquePath the path is one text: {@code urn:uuid:...}
 */
public record Url(
        String protocol,
        String username,
        String password,
        String hostname,
        String port,
        String pathname,
        String search,
        String hash,
        boolean hasOpaquePath) {
    /** With their default ports. */
    static final Map<String, String> SPECIAL =
            Map.of("http", "80", "https", "443", "ws", "80", "wss", "443", "ftp", "21", "file", "");

    private static final String HEX = "0123456789ABCDEF";
    static final CharSet SCHEME = CharSet.LETTER.or(CharSet.DIGIT).or(CharSet.of("+-."));

    // what is percent-encoded in each part; controls and what isn't ASCII always are
    private static final CharSet IN_QUERY = CharSet.of(" \"#<>'");
    private static final CharSet IN_FRAGMENT = CharSet.of(" \"<>`");
    private static final CharSet IN_PATH = CharSet.of(" \"#<>?^`{}");
    private static final CharSet IN_USER = IN_PATH.or(CharSet.of("/:;=@[\\]|"));

    boolean isSpecial() {
        return SPECIAL.containsKey(protocol);
    }

    /**
     * Takes a URL apart.
     *
     * @param base what a relative one is relative to
     * @return null: it is none
     */
    public static @Nullable Url parse(String text, @Nullable Url base) {
        String input = stripped(text);
        int colon = schemeEnd(input);
        if (colon < 0) return base == null ? null : relative(input, base);
        String scheme = input.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = input.substring(colon + 1);
        if (SPECIAL.containsKey(scheme)) {
            if (base != null && base.protocol.equals(scheme) && !startsWithSlash(rest))
                return relative(rest, base);
            return withAuthority(scheme, withoutSlashes(rest));
        }
        if (rest.startsWith("//")) return withAuthority(scheme, rest.substring(2));
        Parts parts = Parts.of(rest);
        boolean opaque = !rest.startsWith("/");
        return new Url(
                scheme,
                "",
                "",
                "",
                "",
                opaque ? encoded(parts.path, CharSet.NONE) : path(parts.path, false),
                encoded(parts.query, IN_QUERY),
                encoded(parts.fragment, IN_FRAGMENT),
                opaque);
    }

    /** The path with what needs no escape decoded, and without dots that appear thereby. */
    public String normalPath() {
        if (pathname.indexOf('%') < 0) return pathname;
        StringBuilder out = new StringBuilder(pathname.length());
        for (int i = 0; i < pathname.length(); i++) {
            char c = pathname.charAt(i);
            int value = c == '%' ? escaped(pathname, i) : -1;
            boolean isUnreserved =
                    value > 0
                            && value < 128
                            && (CharSet.WORD.has((char) value) || "-.~".indexOf(value) >= 0);
            if (isUnreserved) {
                out.append((char) value);
                i += 2;
            } else {
                out.append(c);
            }
        }
        return hasOpaquePath ? out.toString() : path(out.toString(), false);
    }

    private static int escaped(String text, int at) {
        if (at + 2 >= text.length()) return -1;
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private record Parts(String path, String query, String fragment) {
        static Parts of(String text) {
            int hash = text.indexOf('#');
            String fragment = hash < 0 ? "" : text.substring(hash + 1);
            String before = hash < 0 ? text : text.substring(0, hash);
            int mark = before.indexOf('?');
            return new Parts(
                    mark < 0 ? before : before.substring(0, mark),
                    mark < 0 ? "" : before.substring(mark + 1),
                    fragment);
        }
    }

    private static String stripped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\t' && c != '\n' && c != '\r') out.append(c);
        }
        int from = 0;
        int to = out.length();
        while (from < to && out.charAt(from) <= ' ') from++;
        while (to > from && out.charAt(to - 1) <= ' ') to--;
        return out.substring(from, to);
    }

    /** Where the scheme's colon is; -1: it begins with no scheme. */
    private static int schemeEnd(String text) {
        if (text.isEmpty() || !CharSet.LETTER.has(text.charAt(0))) return -1;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') return i;
            if (c > 127 || !SCHEME.has(c)) return -1;
        }
        return -1;
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }

    private static boolean startsWithSlash(String text) {
        return !text.isEmpty() && isSlash(text.charAt(0));
    }

    private static String withoutSlashes(String text) {
        int from = 0;
        while (from < text.length() && isSlash(text.charAt(from))) from++;
        return text.substring(from);
    }

    private static @Nullable Url relative(String text, Url base) {
        boolean special = base.isSpecial();
        boolean twoSlashes =
                text.length() > 1
                        && (special
                                ? isSlash(text.charAt(0)) && isSlash(text.charAt(1))
                                : text.startsWith("//"));
        if (twoSlashes)
            return withAuthority(base.protocol, special ? withoutSlashes(text) : text.substring(2));
        Parts parts = Parts.of(text);
        boolean hasQuery = text.indexOf('?') >= 0 && !parts.path.contains("#");
        if (base.hasOpaquePath && !text.startsWith("#")) return null;
        String path;
        if (parts.path.isEmpty()) {
            path = base.pathname;
        } else if (special ? startsWithSlash(parts.path) : parts.path.startsWith("/")) {
            path = path(parts.path, special);
        } else {
            String folder = base.pathname.substring(0, base.pathname.lastIndexOf('/') + 1);
            path = path(folder + parts.path, special);
        }
        String query =
                parts.path.isEmpty() && !hasQuery ? base.search : encoded(parts.query, IN_QUERY);
        return new Url(
                base.protocol,
                base.username,
                base.password,
                base.hostname,
                base.port,
                path,
                query,
                encoded(parts.fragment, IN_FRAGMENT),
                base.hasOpaquePath);
    }

    private static @Nullable Url withAuthority(String scheme, String text) {
        boolean special = SPECIAL.containsKey(scheme);
        int end = 0;
        while (end < text.length() && !isEndOfAuthority(text.charAt(end), special)) end++;
        String authority = text.substring(0, end);
        Parts parts = Parts.of(text.substring(end));
        int at = authority.lastIndexOf('@');
        String user = at < 0 ? "" : authority.substring(0, at);
        int colon = user.indexOf(':');
        String hostAndPort = authority.substring(at + 1);
        int portAt = hostAndPort.indexOf(':', Math.max(0, hostAndPort.indexOf(']')));
        String port = portAt < 0 ? "" : port(hostAndPort.substring(portAt + 1));
        String host = host(portAt < 0 ? hostAndPort : hostAndPort.substring(0, portAt), special);
        if (port == null || host == null) return null;
        if (host.isEmpty() && special && !scheme.equals("file")) return null;
        return new Url(
                scheme,
                encoded(colon < 0 ? user : user.substring(0, colon), IN_USER),
                encoded(colon < 0 ? "" : user.substring(colon + 1), IN_USER),
                host,
                port.equals(SPECIAL.get(scheme)) ? "" : port,
                special || !parts.path.isEmpty() ? path(parts.path, special) : "",
                encoded(parts.query, IN_QUERY),
                encoded(parts.fragment, IN_FRAGMENT),
                false);
    }

    private static boolean isEndOfAuthority(char c, boolean special) {
        return c == '/' || c == '?' || c == '#' || (special && c == '\\');
    }

    private static @Nullable String port(String digits) {
        if (digits.isEmpty()) return "";
        if (digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9'))
            return null;
        long number = Long.parseLong(digits);
        return number > 65535 ? null : Long.toString(number);
    }

    private static @Nullable String host(String text, boolean special) {
        if (text.startsWith("[")) return text.endsWith("]") ? text.toLowerCase(Locale.ROOT) : null;
        if (!special) return encoded(text, CharSet.NONE);
        String decoded = decoded(text);
        if (decoded == null) return null;
        String lower = lower(decoded);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c <= ' ' || c == 127 || "#/:<>?@[\\]^|%".indexOf(c) >= 0) return null;
        }
        return lower;
    }

    /** A name beyond ASCII stays as it is written: both sides write it alike, or in Punycode. */
    static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    private static @Nullable String decoded(String text) {
        if (text.indexOf('%') < 0) return text;
        byte[] bytes = FormPairs.decoded(text, false);
        return FormPairs.strictUtf8(bytes);
    }

    /** Encodes, and takes the dots out. */
    private static String path(String text, boolean special) {
        String slashed = special ? text.replace('\\', '/') : text;
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = slashed.split("/", -1);
        int from = slashed.startsWith("/") ? 1 : 0;
        for (int i = from; i < segments.length; i++) {
            boolean isLast = i == segments.length - 1;
            String plain = segments[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
            if (plain.equals("..")) {
                kept.pollLast();
                if (isLast) kept.addLast("");
            } else if (plain.equals(".")) {
                if (isLast) kept.addLast("");
            } else {
                kept.addLast(encoded(segments[i], IN_PATH));
            }
        }
        return "/" + String.join("/", kept);
    }

    static String encodedPath(String text) {
        return encoded(text, IN_PATH);
    }

    static String encodedQuery(String text) {
        return encoded(text, IN_QUERY);
    }

    static String encodedFragment(String text) {
        return encoded(text, IN_FRAGMENT);
    }

    static String encodedOpaque(String text) {
        return encoded(text, CharSet.NONE);
    }

    private static String encoded(String text, CharSet too) {
        int i = 0;
        while (i < text.length() && isPlain(text.charAt(i), too)) i++;
        if (i == text.length()) return text;
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, i);
        for (; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (codePoint < 128 && isPlain((char) codePoint, too)) out.append((char) codePoint);
            else
                for (byte b : utf8(codePoint))
                    out.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
        }
        return out.toString();
    }

    private static boolean isPlain(char c, CharSet encoded) {
        return c >= ' ' && c < 127 && !encoded.has(c);
    }

    private static byte[] utf8(int codePoint) {
        boolean isLone = codePoint >= 0xD800 && codePoint < 0xE000;
        return Character.toString(isLone ? 0xFFFD : codePoint)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
