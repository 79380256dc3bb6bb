package dev.cardea.messaging.auth;

import org.jspecify.annotations.Nullable;

/** What a token may allow its bearer in a channel, beyond what the namespace allows. */
public enum Capability {
    SUBSCRIBE("sub"),
    PUBLISH("pub"),

    /** Who is subscribed, and who comes and goes. */
    PRESENCE("prs"),

    /** Reading history, positions and recovery. */
    HISTORY("hst");

    private final String claim;

    Capability(String claim) {
        this.claim = claim;
    }

    /** As tokens name it; null if this is no name of one. */
    public static @Nullable Capability named(String claim) {
        for (Capability capability : values()) {
            if (capability.claim.equals(claim)) return capability;
        }
        return null;
    }
}
