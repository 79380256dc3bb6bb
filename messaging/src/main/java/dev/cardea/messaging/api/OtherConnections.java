package dev.cardea.messaging.api;

import dev.cardea.messaging.session.Disconnect;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Connections of this node beside those of sessions. They have users, but no client ids: a call
 * that means all connections of a user means these, too. Thread safe; each stage is complete when
 * all that are meant have been told.
 */
public interface OtherConnections {
    /** There are none. */
    OtherConnections NONE =
            new OtherConnections() {
                @Override
                public CompletionStage<@Nullable Void> disconnect(String user, Disconnect why) {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public CompletionStage<@Nullable Void> refresh(String user, long lifetimeMillis) {
                    return CompletableFuture.completedFuture(null);
                }
            };

    /**
     * @param user empty: those without a user
     */
    CompletionStage<@Nullable Void> disconnect(String user, Disconnect why);

    /**
     * @param user empty: those without a user
     * @param lifetimeMillis for how long they are good from now on; 0: without an end
     */
    CompletionStage<@Nullable Void> refresh(String user, long lifetimeMillis);
}
