package dev.cardea.messaging.peerjs;

/**
 * How a realm reaches those of other nodes. What doesn't arrive is given back to {@link
 * Realm#undelivered}, later, where that is known.
 */
public interface OtherRealms {
    void toAll(RealmMessage message);

    void toNode(String node, RealmMessage message);
}
