package dev.cardea.server;

import dev.cardea.messaging.mercure.Subscriber;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Session;
import dev.cardea.messaging.session.Sessions;
import java.util.ArrayList;
import java.util.List;

/** Whom a server that ends moves to others: clients, and subscribers of the Mercure hub. */
final class OpenConnections {
    private final Sessions sessions;
    private final MercureParts mercure;

    OpenConnections(Sessions sessions, MercureParts mercure) {
        this.sessions = sessions;
        this.mercure = mercure;
    }

    int count() {
        return sessions.clients() + mercure.subscriberCount();
    }

    /** What tells each of those that are open now, in no particular order. */
    List<Runnable> ends() {
        List<Runnable> ends = new ArrayList<>();
        for (Session each : sessions.all())
            ends.add(() -> each.execute(session -> session.disconnect(Disconnect.SHUTDOWN)));
        for (Subscriber each : mercure.subscribers()) ends.add(each::end);
        return ends;
    }
}
