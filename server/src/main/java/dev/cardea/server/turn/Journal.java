package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Client;
import dev.cardea.rtc.turn.Reports;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.StunType;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last things that happened to each user, for whoever asks why a call has failed. One for each
 * loop, and bounded: those longest unheard of are forgotten, and whoever never proved to be
 * somebody pushes out nobody who did.
 */
final class Journal implements Reports {
    private static final int MAX_USERS = 1024;
    private static final int MAX_STRANGERS = 256;
    private static final int MAX_EVENTS = 32;
    private static final int MAX_NAME_CHARS = 128;

    /** A success in place of an error's code. */
    static final int OK = 200;

    /** The end of an allocation. */
    static final int ENDED = 0;

    /**
     * @param client address and transport
     * @param code of the error, {@link #OK} or {@link #ENDED}
     * @param text what was granted, or why it was refused or has ended
     * @param isExpected what every client goes through
     */
    record Event(
            long unixMillis,
            String client,
            String request,
            int code,
            String text,
            boolean isExpected) {}

    private static final class Latest extends LinkedHashMap<String, ArrayDeque<Event>> {
        private static final long serialVersionUID = 1;
        private final int limit;

        Latest(int limit) {
            super(16, 0.75f, true);
            this.limit = limit;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ArrayDeque<Event>> eldest) {
            return size() > limit;
        }
    }

    private final Latest users = new Latest(MAX_USERS);
    private final Latest strangers = new Latest(MAX_STRANGERS);
    private final TurnTotals totals;

    Journal(TurnTotals totals) {
        this.totals = totals;
    }

    @Override
    public void refused(
            Client client,
            String user,
            int method,
            StunError error,
            String why,
            boolean isExpected,
            long nowNanos) {
        if (!isExpected) totals.refused(error).increment();
        if (!user.isEmpty()) {
            note(user, client, StunType.name(method), error.code(), why, isExpected);
        }
    }

    @Override
    public void granted(Client client, String user, int method, String what, long nowNanos) {
        if (method == StunType.ALLOCATE) totals.allocated().increment();
        ArrayDeque<Event> before = strangers.remove(keyOf(user));
        if (!users.containsKey(keyOf(user))) {
            users.put(keyOf(user), before == null ? new ArrayDeque<>() : before);
        }
        note(user, client, StunType.name(method), OK, what, false);
    }

    @Override
    public void ended(Allocation allocation, String why, long nowNanos) {
        totals.carried(allocation);
        note(allocation.user(), allocation.client(), "Allocation", ENDED, why, false);
    }

    private void note(
            String user, Client client, String request, int code, String text, boolean expected) {
        String key = keyOf(user);
        ArrayDeque<Event> events = users.get(key);
        if (events == null) events = strangers.computeIfAbsent(key, _ -> new ArrayDeque<>());
        if (events.size() == MAX_EVENTS) events.removeFirst();
        events.addLast(
                new Event(
                        System.currentTimeMillis(),
                        client.address() + " over " + client.transport(),
                        request,
                        code,
                        text,
                        expected));
    }

    private static String keyOf(String user) {
        return user.length() <= MAX_NAME_CHARS ? user : user.substring(0, MAX_NAME_CHARS);
    }

    /** What is known of a user, oldest first. On the loop. */
    List<Event> of(String user) {
        ArrayDeque<Event> events = users.get(keyOf(user));
        if (events == null) events = strangers.get(keyOf(user));
        return events == null ? List.of() : List.copyOf(events);
    }
}
