package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hook.Answer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the backend for the passwords of TURN's users. Thread safe. */
public final class Passwords {
    private final Backend backend;

    Passwords(Backend backend) {
        this.backend = backend;
    }

    /**
     * Empty: there is no such user. Completes exceptionally where the backend doesn't say, on any
     * thread.
     */
    public CompletionStage<Optional<String>> of(String user, String realm) {
        return backend.ask(
                        Peer.of("turn", "stun"),
                        ProxyRequest.turn(user, realm),
                        ProxyAnswer::password)
                .thenCompose(Passwords::said);
    }

    private static CompletionStage<Optional<String>> said(Answer<String> answer) {
        return switch (answer) {
            case Answer.Given<String>(String password) ->
                    CompletableFuture.completedFuture(
                            Optional.of(password).filter(text -> !text.isEmpty()));
            case Answer.Failed<String>(Fault.Error(_, String message, boolean isTemporary))
                    when isTemporary ->
                    CompletableFuture.failedFuture(
                            new BackendFailure(BackendFailure.Reason.STATUS, message));
            case Answer.Failed<String> _ -> CompletableFuture.completedFuture(Optional.empty());
        };
    }
}
