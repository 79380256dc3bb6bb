package dev.cardea.server;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.wire.centrifuge.Command;
import java.util.concurrent.CompletionStage;

/** Judges as configured now; another may take its place while the server runs. Thread safe. */
final class CurrentAuthenticator implements Authenticator {
    private volatile Authenticator now;

    CurrentAuthenticator(Authenticator first) {
        now = first;
    }

    void become(Authenticator next) {
        now = next;
    }

    @Override
    public CompletionStage<Verdict<Credentials>> connect(
            String client, Peer peer, Command.Connect command) {
        return now.connect(client, peer, command);
    }

    @Override
    public CompletionStage<Verdict<Credentials>> refresh(String token) {
        return now.refresh(token);
    }

    @Override
    public CompletionStage<Verdict<SubscriptionGrant>> subscribe(
            String token, String channel, String user, String client) {
        return now.subscribe(token, channel, user, client);
    }
}
