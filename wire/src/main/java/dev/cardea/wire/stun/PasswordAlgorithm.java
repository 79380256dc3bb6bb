package dev.cardea.wire.stun;

import org.jspecify.annotations.Nullable;

/** How a long-term key is made of a password (RFC 8489 section 18.5). */
public enum PasswordAlgorithm {
    MD5(1),
    SHA256(2);

    private final int number;

    PasswordAlgorithm(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Null: we don't know it, or its parameters, of which neither of ours has any. */
    public static @Nullable PasswordAlgorithm of(int numberAndParameterLength) {
        return switch (numberAndParameterLength) {
            case 0x10000 -> MD5;
            case 0x20000 -> SHA256;
            default -> null;
        };
    }
}
