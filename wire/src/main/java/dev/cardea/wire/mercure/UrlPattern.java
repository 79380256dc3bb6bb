package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import dev.cardea.wire.mercure.PatternPart.Rules;
import dev.cardea.wire.mercure.PatternText.Component;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A URL pattern (the WHATWG's standard, without {@code ignoreCase}), compiled. Immutable. */
final class UrlPattern {
    private static final Rules PLAIN = new Rules("", "", UnaryOperator.identity());
    private static final Rules PROTOCOL = new Rules("", "", UrlPattern::protocol);
    private static final Rules HOST = new Rules(".", "", Url::lower);
    private static final Rules PATH = new Rules("/", "/", Url::encodedPath);
    private static final Rules OPAQUE = new Rules("", "", Url::encodedOpaque);
    private static final Rules SEARCH = new Rules("", "", Url::encodedQuery);
    private static final Rules HASH = new Rules("", "", Url::encodedFragment);

    private final Map<Component, Automaton> components = new EnumMap<>(Component.class);

    private UrlPattern() {}

    /**
     * @param base the hub's URL, which a relative pattern is relative to
     * @throws Malformed it is none, or one that only a backtracking engine could match
     */
    static UrlPattern parse(String text, Url base) {
        Map<Component, String> given = PatternText.split(text, UrlPattern::isSpecial);
        Map<Component, String> whole = new EnumMap<>(Component.class);
        if (!given.containsKey(Component.PROTOCOL)) inherit(given, whole, base);
        whole.putAll(given);
        if (whole.containsKey(Component.PATHNAME) && !given.containsKey(Component.PROTOCOL))
            whole.computeIfPresent(
                    Component.PATHNAME,
                    (_, path) -> given.containsKey(Component.HOSTNAME) ? path : under(base, path));
        String protocol = whole.getOrDefault(Component.PROTOCOL, "*");
        String port = whole.get(Component.PORT);
        if (port != null && !port.isEmpty() && port.equals(Url.SPECIAL.get(protocol)))
            whole.put(Component.PORT, "");
        UrlPattern pattern = new UrlPattern();
        for (Component each : Component.values())
            pattern.components.put(
                    each,
                    PatternPart.compile(whole.getOrDefault(each, "*"), rules(each, protocol)));
        return pattern;
    }

    /** What comes before the first component that the pattern names is the base's. */
    private static void inherit(
            Map<Component, String> given, Map<Component, String> whole, Url base) {
        whole.put(Component.PROTOCOL, escaped(base.protocol()));
        if (given.containsKey(Component.HOSTNAME)) return;
        whole.put(Component.HOSTNAME, escaped(base.hostname()));
        if (given.containsKey(Component.PORT)) return;
        whole.put(Component.PORT, escaped(base.port()));
        if (given.containsKey(Component.PATHNAME)) return;
        whole.put(Component.PATHNAME, escaped(base.pathname()));
        if (given.containsKey(Component.SEARCH)) return;
        whole.put(Component.SEARCH, escaped(base.search()));
        if (!given.containsKey(Component.HASH)) whole.put(Component.HASH, "");
    }

    private static String under(Url base, String path) {
        boolean isAbsolute =
                path.startsWith("/") || path.startsWith("\\/") || path.startsWith("{/");
        if (isAbsolute || base.hasOpaquePath()) return path;
        String basePath = base.pathname();
        if (path.equals(escaped(basePath))) return path; // it was the base's itself
        return escaped(basePath.substring(0, basePath.lastIndexOf('/') + 1)) + path;
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("+*?:{}()\\".indexOf(c) >= 0) out.append('\\');
            out.append(c);
        }
        return out.toString();
    }

    private static Rules rules(Component component, String protocol) {
        return switch (component) {
            case PROTOCOL -> PROTOCOL;
            case USERNAME, PASSWORD, PORT -> PLAIN;
            case HOSTNAME -> HOST;
            case PATHNAME -> isSpecial(protocol) ? PATH : OPAQUE;
            case SEARCH -> SEARCH;
            case HASH -> HASH;
        };
    }

    private static boolean isSpecial(String protocolPattern) {
        Automaton protocol = PatternPart.compile(protocolPattern, PROTOCOL);
        return Url.SPECIAL.keySet().stream().anyMatch(protocol::matches);
    }

    private static String protocol(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Url.SCHEME.has(c)) throw new Malformed("a protocol with other characters");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    int size() {
        return components.values().stream().mapToInt(Automaton::size).sum();
    }

    boolean matches(@Nullable Url url) {
        return url != null
                && matches(Component.PROTOCOL, url.protocol())
                && matches(Component.HOSTNAME, url.hostname())
                && matches(Component.PORT, url.port())
                && matches(Component.PATHNAME, url.pathname())
                && matches(Component.SEARCH, url.search())
                && matches(Component.HASH, url.hash())
                && matches(Component.USERNAME, url.username())
                && matches(Component.PASSWORD, url.password());
    }

    private boolean matches(Component component, String text) {
        Automaton automaton = components.get(component);
        return automaton != null && automaton.matches(text);
    }
}
