package dev.cardea.server;

import dev.cardea.messaging.mercure.Subscriber;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Session;
import dev.cardea.messaging.session.Sessions;
import dev.cardea.server.peerjs.PeerServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a server that ends moves to others: clients, subscribers of the Mercure hub, and PeerJS
 * peers.
 */
final class OpenConnections {
    private final Sessions sessions;
    private final MercureParts mercure;
    private final @Nullable PeerServer peers;

    OpenConnections(Sessions sessions, MercureParts mercure, @Nullable PeerServer peers) {
        this.peers = peers;
        this.sessions = sessions;
        this.mercure = mercure;
    }

    int count() {
        return sessions.clients() + mercure.subscriberCount() + (peers == null ? 0 : peers.count());
    }

    /** What tells each of those that are open now, in no particular order. */
    List<Runnable> ends() {
        List<Runnable> ends = new ArrayList<>();
        for (Session each : sessions.all())
            ends.add(() -> each.execute(session -> session.disconnect(Disconnect.SHUTDOWN)));
        for (Subscriber each : mercure.subscribers()) ends.add(each::end);
        if (peers != null) ends.addAll(peers.ends());
        return ends;
    }
}
