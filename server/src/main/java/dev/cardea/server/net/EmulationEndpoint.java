package dev.cardea.server.net;

import dev.cardea.messaging.session.OtherNodes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.EmulationRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /emulation}: what clients say whose connection is a response that goes on. On whichever
 * node: a request for another one's session is passed on.
 */
public final class EmulationEndpoint implements StreamEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(EmulationEndpoint.class);

    private final String node;
    private final EmulatedSessions sessions;
    private final OtherNodes others;

    /**
     * @param node this node's id
     */
    public EmulationEndpoint(String node, EmulatedSessions sessions, OtherNodes others) {
        this.node = node;
        this.sessions = sessions;
        this.others = others;
    }

    @Override
    public void serve(Request request, StreamResponder responder) {
        EmulationRequest asked;
        try {
            asked =
                    StreamDoor.isOctets(request.head())
                            ? EmulationRequest.protobuf(request.body())
                            : EmulationRequest.json(request.body());
        } catch (Malformed e) {
            responder.respond(Response.text(400, "malformed request"));
            return;
        }
        if (!asked.node().equals(node)) {
            passOn(asked, responder);
            return;
        }
        // A session that has ended is no error of the request's: its client learns it elsewhere.
        sessions.receive(asked.session(), asked.data());
        responder.respond(Response.empty(204));
    }

    private void passOn(EmulationRequest asked, Responder responder) {
        var _ =
                others.emulate(asked.node(), asked.session(), asked.data())
                        .whenComplete((isKnown, failure) -> {
                            if (failure != null) LOG.warn("emulation_not_passed_on", failure);
                            responder.respond(answer(isKnown, failure));
                        });
    }

    private static Response answer(@Nullable Boolean isKnown, @Nullable Throwable failure) {
        if (failure != null) return Response.text(503, "the node can't be reached");
        return Boolean.TRUE.equals(isKnown)
                ? Response.empty(204)
                : Response.text(404, "no such node");
    }
}
