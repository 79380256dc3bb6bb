package dev.cardea.wire.mercure;

/** The two versions of the protocol that are in use, which don't understand each other. */
public enum Generation {
    /** 0.x: parameters {@code topic}, the claim {@code mercure}. */
    ZERO,
    /** 1.0: parameters {@code match}, the claim {@code authorization_details}. */
    ONE
}
