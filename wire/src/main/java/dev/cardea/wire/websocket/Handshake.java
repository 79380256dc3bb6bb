package dev.cardea.wire.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The opening handshake, RFC 6455 section 4. Stateless and thread safe. */
public final class Handshake {
    /** Appended to every key, section 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private Handshake() {}

    /** A look at the headers of an HTTP request. */
    @FunctionalInterface
    public interface Headers {
        /** Every value of the header, in order; the name is matched whatever its case. */
        List<String> all(String name);
    }

    /** What the server answers. */
    public sealed interface Answer {}

    /**
     * To be answered with 101, {@code Upgrade: websocket}, {@code Connection: Upgrade}, and this.
     *
     * @param accept the value of {@code Sec-WebSocket-Accept}
     * @param subprotocol the value of {@code Sec-WebSocket-Protocol}; null: no such header
     */
    public record Accepted(String accept, @Nullable String subprotocol) implements Answer {}

    /**
     * To be answered with this status; when it is 426, with {@code Sec-WebSocket-Version: 13} too.
     *
     * @param why for the body, in a few words
     */
    public record Refused(int status, String why) implements Answer {}

    /** Whether the request asks to be upgraded to a WebSocket, well or badly. */
    public static boolean isAskedFor(Headers headers) {
        return hasToken(headers.all("Upgrade"), "websocket");
    }

    /**
     * Judges a request by section 4.2.1.
     *
     * @param supported the subprotocols that the server speaks; the client's order decides. None in
     *     common is no refusal, the client decides that
     */
    public static Answer answer(String method, Headers headers, List<String> supported) {
        if (!method.equals("GET")) return new Refused(405, "WebSocket needs GET");
        if (headers.all("Host").size() != 1) return new Refused(400, "one Host is needed");
        if (!isAskedFor(headers)) return new Refused(400, "Upgrade: websocket is needed");
        if (!hasToken(headers.all("Connection"), "upgrade")) {
            return new Refused(400, "Connection: Upgrade is needed");
        }
        String version = versionProblem(headers);
        if (version != null) return new Refused(426, version); // section 4.4
        List<String> keys = headers.all("Sec-WebSocket-Key");
        if (keys.size() != 1 || !isKey(keys.getFirst().strip())) {
            return new Refused(400, "Sec-WebSocket-Key is missing or wrong");
        }
        return new Accepted(
                accept(keys.getFirst().strip()),
                subprotocol(headers.all("Sec-WebSocket-Protocol"), supported));
    }

    /** What is wrong with the version that is asked for; null: nothing. */
    public static @Nullable String versionProblem(Headers headers) {
        List<String> versions = headers.all("Sec-WebSocket-Version");
        if (versions.size() == 1 && versions.getFirst().strip().equals(VERSION)) return null;
        return "WebSocket version 13 is needed";
    }

    /** Whether it is the base64 form of 16 bytes. */
    public static boolean isKey(String key) {
        if (key.length() != 24) return false;
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** The value of {@code Sec-WebSocket-Accept} for a key, section 4.2.2 step 5. */
    public static String accept(String key) {
        byte[] text = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }

    /** Whether one of the comma-separated values is the token, whatever its case. */
    public static boolean hasToken(List<String> values, String token) {
        for (String value : values) {
            for (String part : value.split(",", -1)) {
                if (part.strip().equalsIgnoreCase(token)) return true;
            }
        }
        return false;
    }

    /**
     * The first of the client's subprotocols that the server supports; null if there is none. Their
     * names are compared with their case.
     */
    public static @Nullable String subprotocol(List<String> offered, List<String> supported) {
        for (String value : offered) {
            for (String part : value.split(",", -1)) {
                String name = part.strip();
                if (supported.contains(name)) return name;
            }
        }
        return null;
    }
}
