package dev.cardea.messaging.api;

import dev.cardea.messaging.api.ApiRequest.Audience;
import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.messaging.session.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Finds the connections of this node that a call means, and has each carry it out. Thread safe. */
final class ConnectionOrders {
    private static final CompletionStage<Optional<Refusal>> DONE =
            CompletableFuture.completedFuture(Optional.empty());

    private final Node node;

    ConnectionOrders(Node node) {
        this.node = node;
    }

    /** Gives an order to connections, each on its own loop; done when all have it. */
    CompletionStage<ApiResponse> give(Audience audience, Consumer<Session> order) {
        return carryOut(
                audience,
                session -> {
                    order.accept(session);
                    return DONE;
                });
    }

    /** The same for what takes a while; done when all have carried it out, or refused it. */
    CompletionStage<ApiResponse> carryOut(
            Audience audience, Function<Session, CompletionStage<Optional<Refusal>>> order) {
        List<CompletableFuture<Optional<Refusal>>> ordered = new ArrayList<>();
        for (Session session : candidates(audience)) {
            CompletableFuture<Optional<Refusal>> one = new CompletableFuture<>();
            ordered.add(one);
            try {
                session.execute(own -> carryOut(own, audience, order, one));
            } catch (RejectedExecutionException _) {
                one.complete(Optional.empty()); // the loop has ended, its connections with it
            }
        }
        return CompletableFuture.allOf(ordered.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ -> firstRefusal(ordered));
    }

    private static void carryOut(
            Session session,
            Audience audience,
            Function<Session, CompletionStage<Optional<Refusal>>> order,
            CompletableFuture<Optional<Refusal>> done) {
        CompletionStage<Optional<Refusal>> stage = DONE;
        try {
            if (isMeant(session, audience)) stage = order.apply(session);
        } finally {
            stage.thenAccept(done::complete);
        }
    }

    private static boolean isMeant(Session session, Audience audience) {
        return session.user().equals(audience.user())
                && (audience.session().isEmpty() || session.isKnownAs(audience.session()));
    }

    private static ApiResponse firstRefusal(List<CompletableFuture<Optional<Refusal>>> ordered) {
        for (CompletableFuture<Optional<Refusal>> one : ordered) {
            if (one.resultNow().isPresent()) return new Refused(one.resultNow().get());
        }
        return new ApiResponse.Done();
    }

    /** Connections that may be meant; the rest is certain on their own loop only. */
    private Collection<Session> candidates(Audience audience) {
        if (!audience.client().isEmpty()) {
            Session session = node.sessions().find(audience.client());
            return session == null ? List.of() : List.of(session);
        }
        return audience.user().isEmpty()
                ? node.sessions().all()
                : node.sessions().of(audience.user());
    }
}
