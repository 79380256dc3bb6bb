package dev.cardea.server.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Every key that a configuration may have, by the part of it that a page would have a table for.
 */
public final class KnownKeys {
    /** A group that stands in several places has its keys listed once. */
    private static final Map<Class<?>, String> PARTS =
            Map.of(
                    Config.class, "the server",
                    ClientConfig.class, "clients",
                    CommandLimitsConfig.class, "rate limits",
                    LimitConfig.class, "rate limits",
                    TokenConfig.class, "tokens",
                    ChannelConfig.class, "channels",
                    ChannelOptions.class, "a namespace",
                    ProxyConfig.class, "proxies",
                    TlsConfig.class, "TLS");

    private final Map<String, Set<String>> keys = new LinkedHashMap<>();

    private KnownKeys() {}

    /** Keys with a value of their own, named from where their part begins. */
    public static Map<String, Set<String>> byPart() {
        KnownKeys known = new KnownKeys();
        known.gather(Config.class, "", "");
        return known.keys;
    }

    private void gather(Class<? extends Record> type, String outerPart, String outerPath) {
        String own = PARTS.get(type);
        String part = own == null ? outerPart : own;
        String path = own == null ? outerPath : "";
        for (Schema.Key key : Schema.keys(type)) {
            String name = Keys.join(path, key.name());
            Class<? extends Record> group = key.group();
            if (group == null) {
                keys.computeIfAbsent(part, _ -> new LinkedHashSet<>()).add(name);
            } else if (key.isInline()) {
                gather(group, part, path);
            } else {
                if (group == LimitConfig.class)
                    keys.computeIfAbsent(part, _ -> new LinkedHashSet<>()).add(name);
                gather(group, part, key.isGroupList() ? name + "[]" : name);
            }
        }
    }
}
