package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.ForwardingAuthenticator;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.centrifuge.Command;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the backend who a client without a token is. A client with a token is judged by that alone,
 * and so is one of whom the backend has nothing to say. Thread safe.
 */
final class ConnectProxy implements ForwardingAuthenticator {
    private final Backend backend;
    private final Authenticator tokens;

    ConnectProxy(Backend backend, Authenticator tokens) {
        this.backend = backend;
        this.tokens = tokens;
    }

    @Override
    public CompletionStage<Verdict<Credentials>> connect(
            String client, Peer peer, Command.Connect command) {
        if (!command.token().isEmpty()) return tokens.connect(client, peer, command);
        if (!ProxyRequest.takes(backend.config(), command.data())) {
            Refusal why = Refusal.BAD_REQUEST;
            return CompletableFuture.completedFuture(
                    new Verdict.Failed<>(new Fault.Error(why.code(), why.message(), false)));
        }
        return backend.ask(
                        peer,
                        ProxyRequest.connect(backend.config(), client, peer, command),
                        ProxyAnswer::connect)
                .thenCompose(answer -> judge(answer, client, peer, command));
    }

    private CompletionStage<Verdict<Credentials>> judge(
            Answer<Optional<Credentials>> answer,
            String client,
            Peer peer,
            Command.Connect command) {
        return switch (answer) {
            case Answer.Failed<Optional<Credentials>>(Fault why) ->
                    CompletableFuture.completedFuture(new Verdict.Failed<>(why));
            case Answer.Given<Optional<Credentials>>(Optional<Credentials> who) ->
                    who.isPresent()
                            ? CompletableFuture.completedFuture(new Verdict.Granted<>(who.get()))
                            : tokens.connect(client, peer, command);
        };
    }

    @Override
    public Authenticator next() {
        return tokens;
    }
}
