package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.LongTermKey;
import dev.cardea.wire.stun.PasswordAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who may allocate: users with passwords, and names that hold for a while, sealed with a secret
 * that is shared with the application: {@code expiry:user}, with the base64 of the name's HMAC-SHA1
 * as password (draft-uberti-behave-turn-rest-00). Immutable; any thread.
 */
public final class Credentials {
    /** The longest name in bytes (RFC 8489 section 14.3). */
    static final int MAX_NAME_BYTES = 508;

    private final String realm;
    private final Map<String, String> passwords;
    private final List<byte[]> secrets;
    private final Map<String, String> namesByHash = new HashMap<>();

    /**
     * @param passwords by user
     * @param secrets several while one is replaced by another; the first is for new names
     */
    public Credentials(String realm, Map<String, String> passwords, List<String> secrets) {
        this.realm = realm;
        this.passwords = Map.copyOf(passwords);
        this.secrets = secrets.stream().map(each -> each.getBytes(StandardCharsets.UTF_8)).toList();
        for (String name : passwords.keySet()) {
            namesByHash.put(HexFormat.of().formatHex(LongTermKey.userHash(name, realm)), name);
        }
    }

    public String realm() {
        return realm;
    }

    /** A name for a while, and its password. */
    public record Ephemeral(String name, String password) {}

    /**
     * Makes a name that holds until then.
     *
     * @return null: there is no secret to make it with
     */
    public @Nullable Ephemeral ephemeral(String user, long expirySeconds) {
        if (secrets.isEmpty()) return null;
        String name = user.isEmpty() ? Long.toString(expirySeconds) : expirySeconds + ":" + user;
        return new Ephemeral(name, password(secrets.getFirst(), name));
    }

    /** Whose name has this hash; null: nobody's that can be told by it. */
    @Nullable String nameOf(byte[] userHash) {
        return namesByHash.get(HexFormat.of().formatHex(userHash));
    }

    /** All keys that this name may have; none: it isn't known. */
    List<byte[]> keys(String name, PasswordAlgorithm algorithm) {
        List<byte[]> keys = new ArrayList<>();
        String password = passwords.get(name);
        if (password != null) keys.add(LongTermKey.of(algorithm, name, realm, password));
        if (password == null && expirySeconds(name) >= 0) {
            for (byte[] secret : secrets) {
                keys.add(LongTermKey.of(algorithm, name, realm, password(secret, name)));
            }
        }
        return keys;
    }

    /** Until when the name holds, in seconds since 1970; -1: it has no such end. */
    long expirySeconds(String name) {
        if (passwords.containsKey(name)) return -1;
        int colon = name.indexOf(':');
        String expiry = colon < 0 ? name : name.substring(0, colon);
        return expiry.matches("[0-9]{1,12}") ? Long.parseLong(expiry) : -1;
    }

    /** Whom a name stands for: quotas are theirs. */
    String userOf(String name) {
        if (expirySeconds(name) < 0) return name;
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(colon + 1);
    }

    private static String password(byte[] secret, String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            byte[] sealed = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new LinkageError("every JDK has it", e);
        }
    }
}
