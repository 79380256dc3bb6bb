package dev.cardea.messaging.api;

import dev.cardea.messaging.api.ApiResponse.Done;
import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.session.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Calls that concern all nodes: carried out here and by the others, and answered as one. */
final class CallEverywhere {
    private CallEverywhere() {}

    /** Whether connections or channels of other nodes are concerned. */
    static boolean isMeantFor(ApiRequest request) {
        return switch (request) {
            case ApiRequest.Disconnect _,
                    ApiRequest.Subscribe _,
                    ApiRequest.Unsubscribe _,
                    ApiRequest.Refresh _,
                    ApiRequest.Revoke _,
                    ApiRequest.Channels _ ->
                    true;
            case ApiRequest.Publish _,
                    ApiRequest.Broadcast _,
                    ApiRequest.History _,
                    ApiRequest.HistoryRemove _,
                    ApiRequest.Presence _,
                    ApiRequest.PresenceStats _,
                    ApiRequest.Info _,
                    ApiRequest.Connections _ ->
                    false;
        };
    }

    /**
     * @param here what became of it on this node
     */
    static CompletionStage<ApiResponse> call(
            ApiRequest request, CompletionStage<ApiResponse> here, OtherServers others) {
        return here.thenCompose(own ->
                others.ask(request)
                        .thenApply(answers -> together(own, answers))
                        .exceptionally(_ -> new Refused(Refusal.INTERNAL)));
    }

    private static ApiResponse together(ApiResponse own, List<ApiResponse> answers) {
        if (own instanceof Refused) return own;
        Map<String, Integer> subscribers = new HashMap<>();
        if (own instanceof ApiResponse.Channels(Map<String, Integer> here))
            subscribers.putAll(here);
        for (ApiResponse answer : answers) {
            if (answer instanceof Refused) return answer;
            if (answer instanceof ApiResponse.Channels(Map<String, Integer> there))
                there.forEach((channel, count) -> subscribers.merge(channel, count, Integer::sum));
        }
        return own instanceof Done ? own : new ApiResponse.Channels(subscribers);
    }

    static ApiResponse info(NodeInfo own, OtherServers others) {
        List<NodeInfo> nodes = new ArrayList<>();
        nodes.add(own);
        nodes.addAll(others.infos());
        return new ApiResponse.Info(nodes);
    }
}
