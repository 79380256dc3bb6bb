package dev.cardea.server.redis;

import dev.cardea.server.config.RedisLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What things are called in Redis. All keys of a channel, and the PUB/SUB channel that tells of it,
 * have one hash tag: in a cluster they are on one server, where a script reaches them all.
 *
 * @param prefix of everything, so that several installations can share a Redis
 * @param layout Centrifugo's names have no tags here: it isn't for clusters
 */
record Keys(String prefix, RedisLayout layout) {
    private static final String UNTAGGABLE = "{%}";
    private static final String CLIENT = ".client.";

    byte[] top(String channel) {
        return key("top", "stream.meta", channel);
    }

    byte[] log(String channel) {
        return key("log", "stream", channel);
    }

    byte[] result(String channel, String idempotencyKey) {
        return isCentrifugos()
                ? bytes(prefix + ".result." + channel + "." + idempotencyKey)
                : bytes(name("did", channel) + ":" + idempotencyKey);
    }

    byte[] who(String channel) {
        return key("who", "presence.data", channel);
    }

    byte[] until(String channel) {
        return key("until", "presence.expire", channel);
    }

    /** The PUB/SUB channel that tells of a channel. */
    String told(String channel) {
        return isCentrifugos() ? prefix + CLIENT + channel : name("ch", channel);
    }

    /** The channel that a PUB/SUB channel tells of; null: it is another's. */
    @Nullable String channelOf(String told) {
        if (isCentrifugos()) {
            String before = prefix + CLIENT;
            return told.startsWith(before) ? told.substring(before.length()) : null;
        }
        String before = prefix + ":ch:";
        if (!told.startsWith(before)) return null;
        String rest = told.substring(before.length());
        if (rest.startsWith("{") && rest.endsWith("}")) return rest.substring(1, rest.length() - 1);
        boolean isUntaggable = rest.startsWith(UNTAGGABLE) && rest.endsWith("!");
        return isUntaggable ? rest.substring(UNTAGGABLE.length(), rest.length() - 1) : null;
    }

    String control() {
        return prefix + ":control";
    }

    String node(String id) {
        return prefix + ":node:" + id;
    }

    private byte[] key(String kind, String centrifugos, String channel) {
        return isCentrifugos()
                ? bytes(prefix + "." + centrifugos + "." + channel)
                : bytes(name(kind, channel));
    }

    boolean isCentrifugos() {
        return layout == RedisLayout.CENTRIFUGO;
    }

    private String name(String kind, String channel) {
        // An empty tag is none: then each of the keys would be somewhere else.
        boolean hasTag = !channel.isEmpty() && channel.charAt(0) != '}';
        String tagged = hasTag ? "{" + channel + "}" : UNTAGGABLE + channel + "!";
        return prefix + ":" + kind + ":" + tagged;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
