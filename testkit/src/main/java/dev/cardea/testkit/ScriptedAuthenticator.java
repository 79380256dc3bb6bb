package dev.cardea.testkit;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Says about a token what the test has told it to say. Of others it takes {@code user:NAME} for a
 * user's, none at all for an anonymous one's, and calls the rest invalid.
 */
public final class ScriptedAuthenticator implements Authenticator {
    private static final String USER = "user:";

    private final Map<String, Verdict<Credentials>> connections = new HashMap<>();
    private final Map<String, Verdict<SubscriptionGrant>> subscriptions = new HashMap<>();
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private boolean holding;

    /** A token that {@link #connect} and {@link #refresh} know. */
    public ScriptedAuthenticator token(String token, Verdict<Credentials> verdict) {
        connections.put(token, verdict);
        return this;
    }

    /** A connection's token that expires. */
    public ScriptedAuthenticator token(String token, String user, long expireAtSeconds) {
        return token(
                token, new Verdict.Granted<>(new Credentials(user, Bytes.EMPTY, expireAtSeconds)));
    }

    public ScriptedAuthenticator subscriptionToken(
            String token, Verdict<SubscriptionGrant> verdict) {
        subscriptions.put(token, verdict);
        return this;
    }

    /** From now on verdicts wait until they are let go. */
    public void hold() {
        holding = true;
    }

    /** Gives the oldest verdict that waits. */
    public void letGo() {
        held.remove().run();
    }

    public int holds() {
        return held.size();
    }

    @Override
    public CompletionStage<Verdict<Credentials>> connect(
            String client, Peer peer, Command.Connect command) {
        return say(judge(command.token()));
    }

    @Override
    public CompletionStage<Verdict<Credentials>> refresh(String token) {
        return say(judge(token));
    }

    private Verdict<Credentials> judge(String token) {
        Verdict<Credentials> told = connections.get(token);
        if (told != null) return told;
        if (token.isEmpty()) return new Verdict.Granted<>(Credentials.ANONYMOUS);
        if (!token.startsWith(USER)) return new Verdict.Invalid<>("unheard of");
        return new Verdict.Granted<>(
                new Credentials(token.substring(USER.length()), Bytes.EMPTY, 0));
    }

    @Override
    public CompletionStage<Verdict<SubscriptionGrant>> subscribe(
            String token, String channel, String user, String client) {
        Verdict<SubscriptionGrant> told = subscriptions.get(token);
        return say(told != null ? told : new Verdict.Invalid<>("unheard of"));
    }

    private <T> CompletionStage<T> say(T verdict) {
        if (!holding) return CompletableFuture.completedFuture(verdict);
        CompletableFuture<T> later = new CompletableFuture<>();
        held.add(() -> later.complete(verdict));
        return later;
    }
}
