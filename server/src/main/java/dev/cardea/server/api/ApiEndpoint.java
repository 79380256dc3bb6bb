package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.server.net.Endpoint;
import dev.cardea.server.net.Request;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;

/** {@code POST /api/<method>}: one call. */
final class ApiEndpoint implements Endpoint {
    /** A publish with a body up to this is carried out at once, on the connection's event loop. */
    private static final int QUICK_BYTES = 64 * 1024;

    private final ApiMethod method;
    private final ApiRunner runner;
    private final boolean transportErrors;

    /**
     * @param transportErrors errors have an HTTP status, whether or not the caller asked for that
     */
    ApiEndpoint(ApiMethod method, ApiRunner runner, boolean transportErrors) {
        this.method = method;
        this.runner = runner;
        this.transportErrors = transportErrors;
    }

    @Override
    public void serve(Request request, Responder responder) {
        if (method == ApiMethod.PUBLISH && request.body().length() <= QUICK_BYTES) {
            call(request, responder);
        } else {
            ApiWork.start(responder, () -> call(request, responder));
        }
    }

    private void call(Request request, Responder responder) {
        ApiCommand command;
        try {
            JsonReader in = ApiReader.of(request.body());
            command = method.read(in);
            in.end();
        } catch (Malformed _) {
            responder.respond(ApiWork.unreadable());
            return;
        }
        boolean statuses = transportErrors || ApiWork.wantsTransportErrors(request.head());
        var _ =
                runner.run(command)
                        .whenComplete((response, failure) ->
                                responder.respond(
                                        failure != null
                                                ? ApiWork.failed(method, failure)
                                                : answer(response, statuses)));
    }

    private static Response answer(ApiResponse response, boolean statuses) {
        if (!statuses || !(response instanceof Refused(Refusal why))) {
            return Response.json(200, ApiWriter.response(response));
        }
        ByteWriter out = new ByteWriter();
        ApiWriter.error(why, out);
        return Response.json(ApiError.status(why), out.toBytes());
    }
}
