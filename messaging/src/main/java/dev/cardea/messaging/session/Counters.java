package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.wire.centrifuge.Command;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the sessions of a node count. Thread safe, without contention. */
public final class Counters {
    private static final int FIRST_APPLICATION_ERROR = 400;

    private final LongAdder connections = new LongAdder();
    private final Map<String, LongAdder> byTransport = new ConcurrentHashMap<>();
    private final LongAdder subscriptions = new LongAdder();
    private final CommandCounters commands = new CommandCounters();
    private final LongAdder publications = new LongAdder();
    private final Map<Integer, LongAdder> errors = new ConcurrentHashMap<>();
    private final Map<Integer, LongAdder> disconnects = new ConcurrentHashMap<>();
    private final Map<Integer, LongAdder> unsubscribes = new ConcurrentHashMap<>();
    private final Map<SlowConsumer, LongAdder> lapped = new EnumMap<>(SlowConsumer.class);
    private final LongAdder recoveries = new LongAdder();
    private final LongAdder failedRecoveries = new LongAdder();

    public Counters() {
        for (SlowConsumer policy : SlowConsumer.values()) lapped.put(policy, new LongAdder());
    }

    void connected(String transport, int change) {
        connections.add(change);
        byTransport.computeIfAbsent(transport, _ -> new LongAdder()).add(change);
    }

    void subscribed(int change) {
        subscriptions.add(change);
    }

    void command(Command command) {
        commands.count(command);
    }

    /** Null: nobody wants to know what the command takes. */
    @Nullable Durations durations(Command command) {
        return commands.durations(command);
    }

    /** A publication was accepted, from a client or the server API. */
    public void published() {
        publications.increment();
    }

    /**
     * @param code codes that applications choose share one label, so that labels stay bounded
     */
    void error(int code) {
        int label = code < 0 || code >= FIRST_APPLICATION_ERROR ? FIRST_APPLICATION_ERROR : code;
        errors.computeIfAbsent(label, _ -> new LongAdder()).increment();
    }

    void disconnected(Disconnect disconnect) {
        // Applications choose codes of their own: one label for all of those keeps the number of
        // labels bounded.
        int code = disconnect.code() >= 4000 ? 4000 : disconnect.code();
        disconnects.computeIfAbsent(code, _ -> new LongAdder()).increment();
    }

    void unsubscribed(Unsubscribed why) {
        unsubscribes.computeIfAbsent(why.code(), _ -> new LongAdder()).increment();
    }

    void lapped(SlowConsumer policy) {
        lapsBy(policy).increment();
    }

    void recovery(boolean recovered) {
        (recovered ? recoveries : failedRecoveries).increment();
    }

    public long connections() {
        return connections.sum();
    }

    /** By the transport's name, of those that were ever used. */
    public Map<String, LongAdder> connectionsByTransport() {
        return byTransport;
    }

    public long subscriptions() {
        return subscriptions.sum();
    }

    public long commands() {
        return commands.sum();
    }

    /** By the name that a command has on the wire; {@code pong} is the one without a name. */
    public Map<String, LongAdder> commandsByMethod() {
        return commands.byMethod();
    }

    /** What commands took, from when their turn came until they were done; by name. */
    public Map<String, Durations> commandDurations() {
        return commands.durationsByMethod();
    }

    public long publications() {
        return publications.sum();
    }

    public long lappedBy(SlowConsumer policy) {
        return lapsBy(policy).sum();
    }

    private LongAdder lapsBy(SlowConsumer policy) {
        return Objects.requireNonNull(lapped.get(policy));
    }

    public long recoveries(boolean recovered) {
        return (recovered ? recoveries : failedRecoveries).sum();
    }

    /** By the code that the client was sent; 400 stands for all codes that applications choose. */
    public Map<Integer, LongAdder> errors() {
        return errors;
    }

    /** By close code; 4000 stands for all codes that applications choose. */
    public Map<Integer, LongAdder> disconnects() {
        return disconnects;
    }

    public Map<Integer, LongAdder> unsubscribes() {
        return unsubscribes;
    }
}
