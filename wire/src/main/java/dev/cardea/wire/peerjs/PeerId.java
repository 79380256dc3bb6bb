package dev.cardea.wire.peerjs;

/**
 * What may be a peer's id: all that npm {@code peerjs} allows, and dots, colons and at signs, so
 * that a user's name may be one. 128 characters at most.
 */
public final class PeerId {
    public static final int MAX_LENGTH = 128;

    private PeerId() {}

    public static boolean isValid(String id) {
        int length = id.length();
        if (length == 0 || length > MAX_LENGTH) return false;
        if (!isAlphanumeric(id.charAt(0)) || !isAlphanumeric(id.charAt(length - 1))) return false;
        for (int i = 1; i < length - 1; i++) {
            char c = id.charAt(i);
            if (!isAlphanumeric(c) && " -_.:@".indexOf(c) < 0) return false;
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
