package dev.cardea.messaging.peerjs;

/**
 * What a realm allows.
 *
 * @param concurrentLimit peers of this node
 * @param perUser peers of one user on this node; 0: any number
 * @param perAddress peers from one address on this node; 0: any number
 * @param aliveNanos whoever says nothing for so long is gone
 * @param expireNanos how long what is said to an absent peer waits
 * @param waitingSignals for one absent peer
 * @param waitingBytes for all absent peers
 * @param waitingBytesPerSender of one peer
 * @param messagesPerSecond of one peer; 0: any number
 * @param pendingBytes past this a peer that doesn't read is cut off
 */
public record RealmOptions(
        int concurrentLimit,
        int perUser,
        int perAddress,
        long aliveNanos,
        long expireNanos,
        int waitingSignals,
        long waitingBytes,
        long waitingBytesPerSender,
        int messagesPerSecond,
        long pendingBytes) {}
