package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configured namespaces, and which of them a channel is of: the one that its name begins with,
 * or, for a name that begins with {@code /}, the one whose pattern it matches.
 */
public final class Namespaces {
    /** A namespace whose channels are told by a pattern. */
    public record Patterned(ChannelPattern pattern, ChannelOptions options) {}

    private final NameRules names;
    private final ChannelOptions withoutNamespace;
    private final Map<String, ChannelOptions> byName;

    /** Those for one channel first; empty: a {@code /} means nothing. */
    private final List<Patterned> patterned;

    /** As names are read unless the configuration says otherwise, and without patterns. */
    public Namespaces(ChannelOptions withoutNamespace, Map<String, ChannelOptions> byName) {
        this(NameRules.DEFAULT, withoutNamespace, byName, List.of());
    }

    public Namespaces(
            NameRules names,
            ChannelOptions withoutNamespace,
            Map<String, ChannelOptions> byName,
            List<Patterned> patterned) {
        this.names = names;
        this.withoutNamespace = withoutNamespace;
        this.byName = Map.copyOf(byName);
        List<Patterned> ordered = new ArrayList<>();
        for (Patterned each : patterned) if (each.pattern().isStatic()) ordered.add(each);
        for (Patterned each : patterned) if (!each.pattern().isStatic()) ordered.add(each);
        this.patterned = List.copyOf(ordered);
    }

    /** The channel's options; null if its namespace isn't configured. */
    public @Nullable ChannelOptions of(String channel) {
        if (isPath(channel)) {
            for (Patterned each : patterned) {
                if (each.pattern().matches(channel)) return each.options();
            }
            return null;
        }
        String namespace = names.namespaceOf(channel);
        if (namespace.isEmpty()) return withoutNamespace;
        return byName.get(namespace);
    }

    private boolean isPath(String channel) {
        return !patterned.isEmpty() && channel.startsWith("/");
    }

    /** Whether the channel's namespace lets it have its name. */
    boolean isValid(String channel, ChannelOptions options) {
        return options.acceptsName().test(isPath(channel) ? channel : names.restOf(channel));
    }

    /** Needs a token of its own. */
    boolean isPrivate(String channel) {
        return names.isPrivate(channel);
    }

    /** Is for the users whom its name has, and for nobody else. */
    boolean isUserLimited(String channel, ChannelOptions options) {
        return options.permissions().userLimited() && names.namesUsers(channel);
    }

    boolean isFor(String user, String channel) {
        return names.isFor(user, channel);
    }
}
