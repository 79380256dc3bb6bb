package dev.cardea.server;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.ForwardingAuthenticator;

/** Judges as configured now; another may take its place while the server runs. Thread safe. */
final class CurrentAuthenticator implements ForwardingAuthenticator {
    private volatile Authenticator now;

    CurrentAuthenticator(Authenticator first) {
        now = first;
    }

    void become(Authenticator next) {
        now = next;
    }

    @Override
    public Authenticator next() {
        return now;
    }
}
