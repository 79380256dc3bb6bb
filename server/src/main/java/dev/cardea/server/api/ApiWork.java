package dev.cardea.server.api;

import dev.cardea.server.net.RequestHead;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the endpoints of the API have in common. */
final class ApiWork {
    private static final Logger log = LoggerFactory.getLogger(ApiWork.class);

    private ApiWork() {}

    /**
     * Leaves the event loop: a body of a megabyte, or a look at every channel, would hold up all
     * its connections. Whatever the work throws becomes a 500.
     */
    static void start(Responder responder, Runnable work) {
        Thread.startVirtualThread(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                log.error("api call failed", e);
                responder.respond(Response.text(500, "Internal Server Error\n"));
            }
        });
    }

    static boolean wantsTransportErrors(RequestHead head) {
        return "transport".equals(head.header("X-Centrifugo-Error-Mode"));
    }

    /** The body is no JSON, or has fields of other types. */
    static Response unreadable() {
        return Response.text(400, "Bad Request\n");
    }

    /** More commands in one request than may be. */
    static Response tooMany() {
        return Response.text(413, "At most " + BatchRun.MAX_COMMANDS + " commands\n");
    }

    static Response failed(ApiMethod method, Throwable failure) {
        log.error("api call failed method={}", method.jsonName(), failure);
        return Response.text(500, "Internal Server Error\n");
    }
}
