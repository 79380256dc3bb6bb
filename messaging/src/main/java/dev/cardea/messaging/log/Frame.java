package dev.cardea.messaging.log;

/**
 * An entry in one encoding, finished to the last byte that goes on the wire. Immutable, so every
 * cursor of every event loop shares it; collected with its entry.
 *
 * @param bytes owned by the frame: nobody writes to it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copied straight into write buffers
public record Frame(byte[] bytes) {
    public int lengthBytes() {
        return bytes.length;
    }
}
