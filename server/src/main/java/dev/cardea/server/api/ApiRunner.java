package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.api.ServerApi;
import dev.cardea.messaging.session.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Carries out commands and counts them. Thread safe. */
final class ApiRunner {
    private final ServerApi api;
    private final ApiCounters counters;

    ApiRunner(ServerApi api, ApiCounters counters) {
        this.api = api;
        this.counters = counters;
    }

    CompletionStage<ApiResponse> run(ApiCommand command) {
        long beganNanos = System.nanoTime();
        CompletionStage<ApiResponse> stage =
                switch (command) {
                    case ApiCommand.Call call -> api.call(call.request());
                    case ApiCommand.Wrong wrong ->
                            CompletableFuture.completedFuture(new Refused(wrong.why()));
                };
        return stage.thenApply(response -> counted(command.method(), response, beganNanos));
    }

    private ApiResponse counted(ApiMethod method, ApiResponse response, long beganNanos) {
        counters.took(method, System.nanoTime() - beganNanos);
        if (response instanceof Refused(Refusal why)) counters.failed(method, why);
        else counters.succeeded(method);
        return response;
    }
}
