package dev.cardea.messaging.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connected clients of a node, by connection and by user. Thread safe. */
public final class Sessions {
    private final Map<String, Session> byClient = new ConcurrentHashMap<>();
    private final Map<String, Set<Session>> byUser = new ConcurrentHashMap<>();

    /**
     * Returns false, and adds nothing, if the user has as many connections as it may ({@code
     * limit}; 0: any).
     */
    boolean add(Session session, String user, int limit) {
        if (!user.isEmpty()) {
            Set<Session> all =
                    byUser.compute(
                            user,
                            (_, known) -> {
                                Set<Session> sessions =
                                        known == null ? ConcurrentHashMap.newKeySet(2) : known;
                                if (limit <= 0 || sessions.size() < limit) sessions.add(session);
                                return sessions;
                            });
            if (!all.contains(session)) return false;
        }
        byClient.put(session.client(), session);
        return true;
    }

    /** Adds it, and returns the user's connections that were there before: they are to end. */
    List<Session> addAlone(Session session, String user) {
        List<Session> before = new ArrayList<>();
        byUser.compute(
                user,
                (_, known) -> {
                    Set<Session> sessions = known == null ? ConcurrentHashMap.newKeySet(2) : known;
                    before.addAll(sessions);
                    sessions.add(session);
                    return sessions;
                });
        byClient.put(session.client(), session);
        return before;
    }

    /** Returns false if it wasn't there. */
    boolean remove(Session session, String user) {
        if (!byClient.remove(session.client(), session)) return false;
        byUser.computeIfPresent(
                user,
                (_, sessions) -> {
                    sessions.remove(session);
                    return sessions.isEmpty() ? null : sessions;
                });
        return true;
    }

    public @Nullable Session find(String client) {
        return byClient.get(client);
    }

    public Collection<Session> of(String user) {
        return byUser.getOrDefault(user, Set.of());
    }

    public Collection<Session> all() {
        return List.copyOf(byClient.values());
    }

    /** Each of them, without a copy. */
    public void forEach(Consumer<Session> action) {
        byClient.values().forEach(action);
    }

    public int clients() {
        return byClient.size();
    }

    /** Users with a name; all anonymous connections are none. */
    public int users() {
        return byUser.size();
    }
}
