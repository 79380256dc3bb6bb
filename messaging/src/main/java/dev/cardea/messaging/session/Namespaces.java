package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configured namespaces. A channel's namespace is what stands before the first {@code :} of its
 * name, a leading {@code $} left out.
 */
public final class Namespaces {
    private static final char BOUNDARY = ':';
    private static final char PRIVATE_PREFIX = '$';

    private final ChannelOptions withoutNamespace;
    private final Map<String, ChannelOptions> byName;

    public Namespaces(ChannelOptions withoutNamespace, Map<String, ChannelOptions> byName) {
        this.withoutNamespace = withoutNamespace;
        this.byName = Map.copyOf(byName);
    }

    /** The channel's options; null if its namespace isn't configured. */
    public @Nullable ChannelOptions of(String channel) {
        int boundary = channel.indexOf(BOUNDARY);
        if (boundary < 0) return withoutNamespace;
        return byName.get(channel.substring(isPrivate(channel) ? 1 : 0, boundary));
    }

    /** Needs a token of its own. */
    public static boolean isPrivate(String channel) {
        return !channel.isEmpty() && channel.charAt(0) == PRIVATE_PREFIX;
    }
}
