package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiResponse;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api}, the format before there was a path for each method: one or many <code>
 * {"id":1,"method":"publish","params":{…}}</code>, a line each, and a line for each reply. Nothing
 * is carried out unless all of it can be read.
 */
final class LegacyEndpoint implements Endpoint {
    private static final byte[] NO_PARAMETERS = "{}".getBytes(StandardCharsets.US_ASCII);

    private final ApiRunner runner;

    LegacyEndpoint(ApiRunner runner) {
        this.runner = runner;
    }

    private record Line(int id, ApiCommand command) {}

    @Override
    public void serve(Request request, Responder responder) {
        ApiWork.start(responder, () -> responder.respond(answer(request.body())));
    }

    private Response answer(Bytes body) {
        List<Line> lines;
        try {
            lines = read(body);
        } catch (Malformed _) {
            return ApiWork.unreadable();
        }
        if (lines.size() > BatchRun.MAX_COMMANDS) return ApiWork.tooMany();
        ByteWriter out = new ByteWriter();
        BatchRun.run(
                lines,
                false,
                line -> runner.run(line.command()).toCompletableFuture(),
                LegacyEndpoint::write,
                out);
        return Response.json(200, out.toBytes());
    }

    private static void write(Line line, ApiResponse response, ByteWriter out) {
        if (out.length() > 0) out.put('\n');
        out.put('{');
        if (line.id() != 0) {
            JsonWriter.name(out, "id");
            out.putUnsignedDecimal(Integer.toUnsignedLong(line.id()));
        }
        ApiWriter.write("result", response, out);
        out.put('}');
    }

    private static List<Line> read(Bytes body) {
        JsonReader in = ApiReader.of(body);
        if (body.isEmpty()) throw new Malformed("no command");
        List<Line> lines = new ArrayList<>();
        while (in.position() < body.length()) lines.add(readLine(in));
        return lines;
    }

    private static Line readLine(JsonReader in) {
        int id = 0;
        ApiMethod method = ApiMethod.PUBLISH; // its number is 0, which may be left out
        Bytes params = null;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "id" -> id = in.uint32();
                case "method" -> method = method(in.raw());
                case "params" -> params = in.raw();
                default -> in.skip();
            }
        }
        return new Line(id, command(method, params));
    }

    /** A name in any case, or a number. */
    private static ApiMethod method(Bytes json) {
        JsonReader in = ApiReader.of(json);
        ApiMethod method =
                json.at(0) == '"'
                        ? ApiMethod.named(in.text().toLowerCase(Locale.ROOT))
                        : ApiMethod.numbered(in.int32());
        if (method == null) throw new Malformed("unknown method");
        return method;
    }

    /** Parameters of other types are an error of this command only. */
    private static ApiCommand command(ApiMethod method, @Nullable Bytes params) {
        try {
            return method.read(ApiReader.of(params == null ? Bytes.wrap(NO_PARAMETERS) : params));
        } catch (Malformed _) {
            return new ApiCommand.Wrong(method, Refusal.BAD_REQUEST);
        }
    }
}
