package dev.cardea.messaging.broker;

import dev.cardea.wire.Bytes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Messages between the nodes that share a broker: each arrives once or not at all, those of one
 * node at another in their order. Thread safe.
 */
public interface Control {
    /** No message is longer. */
    int MAX_BYTES = 4 * 1024 * 1024;

    /** A node that stands alone. */
    Control NONE =
            new Control() {
                @Override
                public void receive(Consumer<Bytes> receiver) {}

                @Override
                public CompletionStage<Boolean> toAll(Bytes message) {
                    return CompletableFuture.completedStage(true);
                }

                @Override
                public CompletionStage<Boolean> toNode(String node, Bytes message) {
                    return CompletableFuture.completedStage(false);
                }
            };

    /**
     * Who takes what the others say, on any thread; called once, before anything is sent. It
     * doesn't block, and doesn't throw.
     */
    void receive(Consumer<Bytes> receiver);

    /**
     * To every node, this one too. Completes once the broker has it; fails if it can't be reached.
     */
    CompletionStage<Boolean> toAll(Bytes message);

    /**
     * To the node with this id. Completes with false if the broker knows that nobody listens by
     * that name; fails if it can't be reached.
     */
    CompletionStage<Boolean> toNode(String node, Bytes message);
}
