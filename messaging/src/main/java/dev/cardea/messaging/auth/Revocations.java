package dev.cardea.messaging.auth;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The revocations that hold now. Looked at for each token, so never asks anybody: what comes from
 * other nodes is kept here. Thread safe.
 */
public interface Revocations {
    /**
     * Whether a token is revoked.
     *
     * @param channel that a subscription token is for; empty: a connection token
     */
    boolean cover(TokenId token, String user, String channel);

    /**
     * Adds one; complete when all that it is for has been ended. False if there are too many, and
     * it was not added.
     */
    CompletionStage<Boolean> add(Revocation revocation);

    /** Is told of each that is added, on any node, when it holds already. */
    void onAdded(Function<Revocation, CompletionStage<?>> listener);
}
