package dev.cardea.server.mercure;

import dev.cardea.messaging.mercure.MercureHub;
import dev.cardea.messaging.mercure.Rights;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Request;
import dev.cardea.server.net.RequestHead;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.mercure.Generation;
import dev.cardea.wire.mercure.SubscriptionDocument;
import dev.cardea.wire.mercure.TopicSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who subscribes to what: below {@code /subscriptions}, in the version of the token of whoever
 * asks, who must have the right to the very path.
 */
final class SubscriptionPages {
    private static final String PATH = MercureDoor.PATH + "/subscriptions";

    /** Goes on with the rights of a token. */
    interface Authorization {
        void authorized(RequestHead head, Responder responder, Consumer<@Nullable Rights> then);
    }

    private final MercureHub hub;
    private final Authorization authorization;
    private final Answers answers;

    SubscriptionPages(MercureHub hub, Authorization authorization, Answers answers) {
        this.hub = hub;
        this.authorization = authorization;
        this.answers = answers;
    }

    void add(HttpRoutes.Builder routes) {
        routes.get(PATH, this::serve).under(PATH + "/", this::serve);
    }

    private void serve(Request request, Responder responder) {
        RequestHead head = request.head();
        if (!hub.tellsSubscriptions()) {
            responder.respond(answers.readable(Response.text(404, "Not Found"), head));
            return;
        }
        authorization.authorized(
                head,
                responder,
                rights -> {
                    if (rights == null) answer(responder, head, answers.unauthorized("", ""));
                    else if (!rights.mayRead(List.of(hub.topic(head.rawPath()))))
                        answer(responder, head, answers.forbidden(rights.generation()));
                    else list(head, rights.generation(), responder);
                });
    }

    private void answer(Responder responder, RequestHead head, Response response) {
        responder.respond(answers.readable(response, head));
    }

    private void list(RequestHead head, Generation generation, Responder responder) {
        // asked first: what comes in between is told twice rather than not at all
        String lastEventId = hub.lastEventId();
        var _ =
                hub.subscriptions()
                        .whenComplete((all, failure) ->
                                answer(
                                        responder,
                                        head,
                                        failure == null
                                                ? answered(head, generation, lastEventId, all)
                                                : Response.text(503, MercureDoor.NO_BROKER)));
    }

    private Response answered(
            RequestHead head,
            Generation generation,
            String lastEventId,
            List<SubscriptionDocument> all) {
        String path = head.rawPath();
        String tag = HeaderText.tag(lastEventId);
        String rest = path.equals(PATH) ? "" : path.substring(PATH.length() + 1);
        int parts = rest.isEmpty() ? 0 : rest.split("/", -1).length;
        int whole = generation == Generation.ZERO ? 2 : 3;
        boolean isCollection = parts == 0 || parts == whole - 1;
        if (generation == Generation.ONE && parts > 0 && !isKnown(rest)) {
            return Response.text(400, "unsupported matcher type");
        }
        if (!isCollection && parts != whole) return Response.text(404, "Not Found");
        ByteWriter body = new ByteWriter(1024);
        if (isCollection) {
            List<SubscriptionDocument> found = new ArrayList<>();
            String prefix = rest.isEmpty() ? "" : path + "/";
            for (SubscriptionDocument each : all) {
                if (each.path().startsWith(prefix)) found.add(each);
            }
            SubscriptionDocument.writeAll(found, path, generation, lastEventId, body);
        } else {
            SubscriptionDocument one = find(all, path);
            if (one == null) return Response.text(404, "Not Found");
            one.write(true, body);
        }
        Response response =
                tag.equals(head.header("If-None-Match"))
                        ? Response.empty(304)
                        : Response.of(200, type(generation), body.toBytes());
        response = response.with("ETag", tag).with("Cache-Control", "must-revalidate");
        return generation == Generation.ZERO ? response : response.with("Link", link(lastEventId));
    }

    private static @Nullable SubscriptionDocument find(
            List<SubscriptionDocument> all, String path) {
        for (SubscriptionDocument each : all) if (each.path().equals(path)) return each;
        return null;
    }

    private static boolean isKnown(String rest) {
        int slash = rest.indexOf('/');
        String type = slash < 0 ? rest : rest.substring(0, slash);
        return type.equals(TopicSelector.Kind.EXACT.matchType())
                || type.equals(TopicSelector.Kind.URL_PATTERN.matchType());
    }

    private static String type(Generation generation) {
        return generation == Generation.ZERO ? "application/ld+json" : "application/json";
    }

    private static String link(String lastEventId) {
        return "<"
                + MercureDoor.PATH
                + ">; rel=\"mercure\"; last-event-id="
                + HeaderText.quoted(lastEventId)
                + "; type=\"mercure\"; content-type=\"application/json\"";
    }
}
