package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests whose users somebody else knows, who was asked: one for each 5-tuple, and not many. What
 * else comes from there meanwhile is the same again, or impatience, and is dropped: clients repeat
 * themselves.
 */
final class WaitingRequests {
    private static final int MAX_WAITING = 1024;

    private record FiveTuple(TransportAddress client, TransportAddress server, String transport) {
        static FiveTuple of(Client client) {
            return new FiveTuple(client.address(), client.server(), client.transport());
        }
    }

    /** Takes a request once more. */
    interface Receiver {
        void receive(ByteBuffer message, Client client, long nowNanos);
    }

    private final Map<FiveTuple, byte[]> waiting = new HashMap<>();
    private final SourceLimiter limiter;
    private final Receiver receiver;

    /**
     * @param limiter of what one source may have others ask, whatever its transport
     */
    WaitingRequests(SourceLimiter limiter, Receiver receiver) {
        this.limiter = limiter;
        this.receiver = receiver;
    }

    boolean has(Client client) {
        return !waiting.isEmpty() && waiting.containsKey(FiveTuple.of(client));
    }

    /**
     * Keeps a request.
     *
     * @return what takes it up again; null: there is no room, and nobody is to be asked
     */
    @Nullable LongConsumer keep(byte[] message, Client client, long nowNanos) {
        if (waiting.size() >= MAX_WAITING || !limiter.mayAnswer(client.address().ip(), nowNanos))
            return null;
        FiveTuple from = FiveTuple.of(client);
        waiting.put(from, message);
        return later -> {
            // not that of another one who came from there since
            if (waiting.remove(from, message))
                receiver.receive(ByteBuffer.wrap(message), client, later);
        };
    }

    /** Its connection has ended. */
    void gone(Client client) {
        waiting.remove(FiveTuple.of(client));
    }
}
