package dev.cardea.server.redis;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What things are called in Redis. All keys of a channel, and the PUB/SUB channel that tells of it,
 * have one hash tag: in a cluster they are on one server, where a script reaches them all.
 *
 * @param prefix of everything, so that several installations can share a Redis
 */
record Keys(String prefix) {
    private static final String UNTAGGABLE = "{%}";

    byte[] top(String channel) {
        return key("top", channel);
    }

    byte[] log(String channel) {
        return key("log", channel);
    }

    byte[] result(String channel, String idempotencyKey) {
        return bytes(name("did", channel) + ":" + idempotencyKey);
    }

    byte[] who(String channel) {
        return key("who", channel);
    }

    byte[] until(String channel) {
        return key("until", channel);
    }

    /** The PUB/SUB channel that tells of a channel. */
    String told(String channel) {
        return name("ch", channel);
    }

    /** The channel that a PUB/SUB channel tells of; null: it is another's. */
    @Nullable String channelOf(String told) {
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

    private byte[] key(String kind, String channel) {
        return bytes(name(kind, channel));
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
