package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configured namespaces, and which of them a channel is of: the one that its name begins with,
 * or, for a name that begins with {@code /}, the one whose pattern it matches. Thread safe.
 */
public final class Namespaces {
    /** A namespace whose channels are told by a pattern. */
    public record Patterned(ChannelPattern pattern, ChannelOptions options) {}

    /**
     * @param patterned those for one channel first; empty: a {@code /} means nothing
     */
    private record Rules(
            NameRules names,
            ChannelOptions withoutNamespace,
            Map<String, ChannelOptions> byName,
            List<Patterned> patterned) {}

    private volatile Rules rules;

    /** As names are read unless the configuration says otherwise, and without patterns. */
    public Namespaces(ChannelOptions withoutNamespace, Map<String, ChannelOptions> byName) {
        this(NameRules.DEFAULT, withoutNamespace, byName, List.of());
    }

    public Namespaces(
            NameRules names,
            ChannelOptions withoutNamespace,
            Map<String, ChannelOptions> byName,
            List<Patterned> patterned) {
        List<Patterned> ordered = new ArrayList<>();
        for (Patterned each : patterned) if (each.pattern().isStatic()) ordered.add(each);
        for (Patterned each : patterned) if (!each.pattern().isStatic()) ordered.add(each);
        this.rules = new Rules(names, withoutNamespace, Map.copyOf(byName), List.copyOf(ordered));
    }

    /**
     * Is like the other from now on, for whoever asks next. Channels that are there adopt them when
     * somebody publishes or subscribes.
     */
    public void become(Namespaces other) {
        rules = other.rules;
    }

    /** The channel's options; null if its namespace isn't configured. */
    public @Nullable ChannelOptions of(String channel) {
        if (channel.startsWith(Hub.OWN)) return null;
        Rules now = rules;
        if (isPath(channel)) {
            for (Patterned each : now.patterned()) {
                if (each.pattern().matches(channel)) return each.options();
            }
            return null;
        }
        String namespace = now.names().namespaceOf(channel);
        if (namespace.isEmpty()) return now.withoutNamespace();
        return now.byName().get(namespace);
    }

    private boolean isPath(String channel) {
        return !rules.patterned().isEmpty() && channel.startsWith("/");
    }

    /** Whether the channel's namespace lets it have its name. */
    boolean isValid(String channel, ChannelOptions options) {
        return options.acceptsName()
                .test(isPath(channel) ? channel : rules.names().restOf(channel));
    }

    /** Needs a token of its own. */
    boolean isPrivate(String channel) {
        return rules.names().isPrivate(channel);
    }

    /** Is for the users whom its name has, and for nobody else. */
    boolean isUserLimited(String channel, ChannelOptions options) {
        return options.permissions().userLimited() && rules.names().namesUsers(channel);
    }

    boolean isFor(String user, String channel) {
        return rules.names().isFor(user, channel);
    }
}
