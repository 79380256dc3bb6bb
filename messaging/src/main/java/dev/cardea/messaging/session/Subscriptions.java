package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.SlowConsumer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one connection is subscribed to, by channel. Belongs to its event loop. */
final class Subscriptions {
    /** Nothing, for connections that aren't open; nothing is ever added to it. */
    static final Subscriptions NONE = new Subscriptions();

    private final Map<String, ClientSubscription> byChannel = new HashMap<>(2);
    private int present;
    private int positioned;
    private int patient;

    void add(ClientSubscription subscription) {
        byChannel.put(subscription.channel(), subscription);
        count(subscription, 1);
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

    boolean has(ClientSubscription subscription) {
        return byChannel.get(subscription.channel()) == subscription;
    }

    /** A copy: what is done for each may end some of them. */
    List<ClientSubscription> all() {
        return byChannel.isEmpty() ? List.of() : List.copyOf(byChannel.values());
    }

    int size() {
        return byChannel.size();
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

    /** The Unix time at which the first one expires; 0: none does. */
    long firstExpirySeconds() {
        long first = 0;
        for (ClientSubscription subscription : byChannel.values()) {
            if (subscription.isEnding()) continue;
            long expires = subscription.expireAtSeconds;
            if (expires > 0 && (first == 0 || expires < first)) first = expires;
        }
        return first;
    }
}
