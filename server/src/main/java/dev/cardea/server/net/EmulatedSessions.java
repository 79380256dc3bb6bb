package dev.cardea.server.net;

import dev.cardea.messaging.session.Session;
import dev.cardea.wire.Bytes;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * This node's sessions whose clients speak in requests of their own, by what those name them: an id
 * that only the client was told. Thread safe.
 */
public final class EmulatedSessions {
    private final ConcurrentMap<String, Session> byId = new ConcurrentHashMap<>();

    /** On the session's loop. */
    void add(Session session) {
        byId.put(session.sessionId(), session);
    }

    /** On the session's loop. */
    void remove(Session session) {
        byId.remove(session.sessionId(), session);
    }

    /**
     * Gives a session what its client says: commands in its protocol, all of one request at once.
     * From any thread. Returns false if there is no such session.
     */
    public boolean receive(String id, Bytes commands) {
        Session session = byId.get(id);
        if (session == null) return false;
        session.execute(own -> {
            long nowNanos = own.shard().loop().nowNanos();
            own.receive(commands.buffer(), nowNanos);
            own.flush(nowNanos);
        });
        return true;
    }
}
