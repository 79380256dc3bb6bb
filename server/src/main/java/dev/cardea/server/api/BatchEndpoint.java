package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.server.net.Endpoint;
import dev.cardea.server.net.Request;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/batch}: several calls, <code>{"commands":[{"publish":{…}},…]}</code>, one after
 * the other unless {@code parallel} is set. Errors are in the replies, in every error mode.
 */
final class BatchEndpoint implements Endpoint {
    private final ApiRunner runner;

    BatchEndpoint(ApiRunner runner) {
        this.runner = runner;
    }

    @Override
    public void serve(Request request, Responder responder) {
        ApiWork.start(responder, () -> responder.respond(answer(request.body())));
    }

    /**
     * @param command null: the refusal says why there is none
     */
    private record Part(@Nullable ApiCommand command, Refusal otherwise) {}

    private record Batch(List<Part> parts, boolean parallel) {}

    private Response answer(Bytes body) {
        Batch batch;
        try {
            JsonReader in = ApiReader.of(body);
            batch = read(in);
            in.end();
        } catch (Malformed _) {
            return ApiWork.unreadable();
        }
        if (batch.parts().size() > BatchRun.MAX_COMMANDS) return ApiWork.tooMany();
        ByteWriter out = new ByteWriter();
        out.put('{');
        if (!batch.parts().isEmpty()) {
            JsonWriter.name(out, "replies");
            out.put('[');
            BatchRun.run(batch.parts(), batch.parallel(), this::run, BatchEndpoint::write, out);
            out.put(']');
        }
        return Response.json(200, out.put('}').toBytes());
    }

    private CompletableFuture<ApiResponse> run(Part part) {
        return part.command() != null
                ? runner.run(part.command()).toCompletableFuture()
                : CompletableFuture.completedFuture(new Refused(part.otherwise()));
    }

    private static Batch read(JsonReader in) {
        List<Part> parts = new ArrayList<>();
        boolean parallel = false;
        if (in.skipNull()) return new Batch(parts, false);
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "commands" -> readParts(in, parts);
                case "parallel" -> parallel = in.bool();
                default -> in.skip();
            }
        }
        return new Batch(parts, parallel);
    }

    private static void readParts(JsonReader in, List<Part> parts) {
        if (in.skipNull()) return;
        in.beginArray();
        while (in.nextElement()) {
            parts.add(in.skipNull() ? new Part(null, Refusal.BAD_REQUEST) : readPart(in));
        }
    }

    /** The first method that is there, as none should come with a second. */
    private static Part readPart(JsonReader in) {
        ApiCommand command = null;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            ApiMethod method = ApiMethod.named(name);
            if (method == null || command != null) in.skip();
            else if (!in.skipNull()) command = method.read(in);
        }
        return new Part(command, Refusal.METHOD_NOT_FOUND);
    }

    private static void write(Part part, ApiResponse response, ByteWriter out) {
        JsonWriter.comma(out);
        out.put('{');
        ApiCommand command = part.command();
        ApiWriter.write(command == null ? "error" : command.method().jsonName(), response, out);
        out.put('}');
    }
}
