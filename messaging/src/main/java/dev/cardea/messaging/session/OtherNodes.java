package dev.cardea.messaging.session;

import dev.cardea.wire.Bytes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The other nodes of a cluster. Thread safe. */
public interface OtherNodes {
    /** There are none. */
    OtherNodes NONE = (_, _, _) -> CompletableFuture.completedStage(false);

    /**
     * Gives a session of another node what its client says.
     *
     * @param node the other node's id
     * @param session the id that the client was told, and nobody else
     * @param commands in the session's encoding, to be carried out together
     * @return completes with false if there is no such node; whether that has such a session isn't
     *     told. From any thread
     */
    CompletionStage<Boolean> emulate(String node, String session, Bytes commands);
}
