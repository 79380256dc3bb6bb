package dev.cardea.server.nats;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What things are called in NATS. A channel is one token of a subject, whatever is in its name.
 *
 * @param prefix of everything, so that several installations can share a NATS
 */
record Subjects(String prefix) {
    /** A longer token is a digest: a subject may have 4,096 bytes in all. */
    private static final int MAX_TOKEN_BYTES = 1_000;

    private static final String DIGEST = "==";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Of a channel with history: where it is stored. */
    String log(String namespace, String channel) {
        return prefix + ".log." + token(namespace) + "." + token(channel);
    }

    /** Where it is stored up to which publication its history was removed. */
    String cut(String namespace, String channel) {
        return prefix + ".cut." + token(namespace) + "." + token(channel);
    }

    /** Where nodes listen to a channel. */
    String live(String channel) {
        return prefix + ".live." + token(channel);
    }

    /** All of a namespace's, in NATS's words. */
    String logs(String namespace) {
        return prefix + ".log." + token(namespace) + ".*";
    }

    String cuts(String namespace) {
        return prefix + ".cut." + token(namespace) + ".*";
    }

    /** Where NATS tells what it has stored: the channel's token is the first wildcard. */
    String told() {
        return prefix + ".live.$1";
    }

    String logStream(String namespace) {
        return token(prefix) + "-log-" + token(namespace);
    }

    /** Where that is remembered which is to happen once. */
    String once() {
        return prefix + ".once";
    }

    String onceStream() {
        return token(prefix) + "-once";
    }

    /** Where a node asks for the time. */
    String clock(String node) {
        return once() + "." + token(node);
    }

    /** A bucket as NATS's own tools know it. */
    String presenceStream() {
        return "KV_" + bucket();
    }

    String presences() {
        return "$KV." + bucket() + ".>";
    }

    String presence(String channel) {
        return "$KV." + bucket() + "." + token(channel) + ".*";
    }

    String presence(String channel, String client) {
        return "$KV." + bucket() + "." + token(channel) + "." + token(client);
    }

    private String bucket() {
        return token(prefix) + "-presence";
    }

    String control() {
        return prefix + ".control";
    }

    String node(String id) {
        return prefix + ".node." + token(id);
    }

    /** Nodes are told that a stream isn't what it was. */
    String doubts() {
        return prefix + ".doubt.*";
    }

    String doubt(String stream) {
        return prefix + ".doubt." + stream;
    }

    /**
     * One token: letters, digits, - and _ stand for themselves, each other byte of UTF-8 is = and
     * two hexadecimal digits. Different texts have different tokens.
     */
    static String token(String text) {
        if (text.isEmpty()) return "=";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder token = new StringBuilder(bytes.length + 8);
        for (byte b : bytes) {
            if (isPlain(b)) token.append((char) b);
            else HEX.toHexDigits(token.append('='), b);
        }
        return token.length() <= MAX_TOKEN_BYTES ? token.toString() : DIGEST + digest(bytes);
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '_';
    }

    /** By which NATS knows a publication that comes twice. */
    static String messageId(String channel, String idempotencyKey) {
        String both = token(channel) + "." + idempotencyKey;
        return digest(both.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
