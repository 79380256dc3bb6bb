package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Carries out many commands for one request, within bounds: so many under way at once, so many
 * bytes of answers. What comes behind that is refused, and not carried out. For virtual threads.
 */
final class BatchRun {
    /** A request with more is refused as a whole. */
    static final int MAX_COMMANDS = 10_000;

    /** Behind so many bytes of answers, commands are refused with 106. */
    static final int MAX_ANSWER_BYTES = 32 * 1024 * 1024;

    private static final int AT_ONCE = 256;

    private BatchRun() {}

    /** Writes one answer; it follows the one before. */
    interface Writer<T> {
        void write(T command, ApiResponse response, ByteWriter out);
    }

    static <T> void run(
            List<T> commands,
            boolean parallel,
            Function<T, CompletableFuture<ApiResponse>> start,
            Writer<T> writer,
            ByteWriter out) {
        int atOnce = parallel ? AT_ONCE : 1;
        for (int i = 0; i < commands.size(); i += atOnce) {
            List<T> some = commands.subList(i, Math.min(commands.size(), i + atOnce));
            List<CompletableFuture<ApiResponse>> replies = new ArrayList<>(some.size());
            for (T command : some) {
                replies.add(out.length() < MAX_ANSWER_BYTES ? start.apply(command) : refused());
            }
            for (int j = 0; j < some.size(); j++) {
                writer.write(some.get(j), fitting(replies.get(j).join(), out), out);
            }
        }
    }

    /** What only looked at something may still be refused. */
    private static ApiResponse fitting(ApiResponse response, ByteWriter out) {
        if (out.length() < MAX_ANSWER_BYTES) return response;
        return switch (response) {
            case Refused _, ApiResponse.Done _, ApiResponse.Published _, ApiResponse.Broadcast _ ->
                    response;
            case ApiResponse.History _,
                    ApiResponse.Presence _,
                    ApiResponse.PresenceStats _,
                    ApiResponse.Channels _,
                    ApiResponse.Connections _,
                    ApiResponse.Info _ ->
                    new Refused(Refusal.LIMIT_EXCEEDED);
        };
    }

    private static CompletableFuture<ApiResponse> refused() {
        return CompletableFuture.completedFuture(new Refused(Refusal.LIMIT_EXCEEDED));
    }
}
