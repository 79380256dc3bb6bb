package dev.cardea.messaging.api;

import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The other nodes, as the server API needs them. Thread safe. */
public interface OtherServers {
    /** There are none. */
    OtherServers NONE =
            new OtherServers() {
                @Override
                public List<NodeInfo> infos() {
                    return List.of();
                }

                @Override
                public CompletionStage<List<ApiResponse>> ask(ApiRequest request) {
                    return CompletableFuture.completedStage(List.of());
                }
            };

    /** How they were when last heard of, which is seconds ago. */
    List<NodeInfo> infos();

    /**
     * Has all others carry it out, each for its own connections. Completes with their answers; with
     * a refusal among them if one didn't answer in time. Fails if they can't be reached.
     */
    CompletionStage<List<ApiResponse>> ask(ApiRequest request);
}
