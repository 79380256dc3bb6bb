package dev.cardea.messaging.auth;

/** What a connection's token allows, by channel. Only ever adds to what a namespace allows. */
public interface Capabilities {
    Capabilities NONE = (_, _) -> false;

    /** Thread safe; takes a time that is bounded by the length of the name. */
    boolean allow(Capability capability, String channel);
}
