package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.SlowConsumer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one connection is subscribed to, by channel. Belongs to its event loop. */
final class Subscriptions {
    /** Nothing, for connections that aren't open; nothing is ever added to it. */
    static final Subscriptions NONE = new Subscriptions();

    private final Map<String, ClientSubscription> byChannel = new HashMap<>(2);

    /** About to exist, by channel; null when none is. */
    private @Nullable Map<String, Joining> coming;

    private int present;
    private int positioned;
    private int patient;

    void add(ClientSubscription subscription) {
        byChannel.put(subscription.channel(), subscription);
        count(subscription, 1);
    }

    /** One is being made. */
    void coming(Joining joining) {
        if (coming == null) coming = new HashMap<>(2);
        coming.put(joining.channel(), joining);
    }

    /** It was made, or given up. */
    void came(Joining joining) {
        if (coming != null && coming.remove(joining.channel(), joining) && coming.isEmpty())
            coming = null;
    }

    @Nullable Joining findComing(String channel) {
        return coming == null ? null : coming.get(channel);
    }

    void remove(ClientSubscription subscription) {
        if (byChannel.remove(subscription.channel(), subscription)) count(subscription, -1);
    }

    private void count(ClientSubscription subscription, int change) {
        if (subscription.presence) present += change;
        if (subscription.positioned) positioned += change;
        if (subscription.options().slowConsumer() != SlowConsumer.DISCONNECT) patient += change;
    }

    @Nullable ClientSubscription find(String channel) {
        return byChannel.get(channel);
    }

    /** Whether there is one, or about to be. */
    boolean has(String channel) {
        return byChannel.containsKey(channel) || findComing(channel) != null;
    }

    boolean has(ClientSubscription subscription) {
        return byChannel.get(subscription.channel()) == subscription;
    }

    /** A copy: what is done for each may end some of them. */
    List<ClientSubscription> all() {
        return byChannel.isEmpty() ? List.of() : List.copyOf(byChannel.values());
    }

    /** With those that are about to exist. */
    int size() {
        return byChannel.size() + (coming == null ? 0 : coming.size());
    }

    boolean isEmpty() {
        return byChannel.isEmpty();
    }

    boolean hasPresent() {
        return present > 0;
    }

    boolean hasPositioned() {
        return positioned > 0;
    }

    /** Some channel has a slow reader wait for longer than it takes to be disconnected. */
    boolean hasPatient() {
        return patient > 0;
    }

    /** For what is looked at often; nothing may end meanwhile. */
    Collection<ClientSubscription> view() {
        return byChannel.values();
    }
}
