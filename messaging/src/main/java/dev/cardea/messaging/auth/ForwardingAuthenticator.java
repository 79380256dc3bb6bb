package dev.cardea.messaging.auth;

import dev.cardea.wire.centrifuge.Command;
import java.util.concurrent.CompletionStage;

/** One that judges some clients, or none, and leaves all else to another. Thread safe. */
public interface ForwardingAuthenticator extends Authenticator {
    /** Who judges what isn't judged here. */
    Authenticator next();

    @Override
    default CompletionStage<Verdict<Credentials>> connect(
            String client, Peer peer, Command.Connect command) {
        return next().connect(client, peer, command);
    }

    @Override
    default CompletionStage<Verdict<Credentials>> refresh(String token) {
        return next().refresh(token);
    }

    @Override
    default CompletionStage<Verdict<SubscriptionGrant>> subscribe(
            String token, String channel, String user, String client) {
        return next().subscribe(token, channel, user, client);
    }
}
