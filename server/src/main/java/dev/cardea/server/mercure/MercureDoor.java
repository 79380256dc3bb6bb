package dev.cardea.server.mercure;

import dev.cardea.messaging.mercure.MappedNamespace;
import dev.cardea.messaging.mercure.MercureHub;
import dev.cardea.messaging.mercure.Rights;
import dev.cardea.server.auth.MercureTokens;
import dev.cardea.server.auth.Verification;
import dev.cardea.server.config.MercureConfig;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.Request;
import dev.cardea.server.net.RequestHead;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.server.net.StreamEndpoint;
import dev.cardea.server.net.StreamResponder;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.mercure.Generation;
import dev.cardea.wire.mercure.SubscribeQuery;
import dev.cardea.wire.mercure.Update;
import dev.cardea.wire.mercure.UpdateForm;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code /.well-known/mercure}: both versions of the protocol at one address. */
public final class MercureDoor {
    static final String PATH = "/.well-known/mercure";

    /** More is answered with 413. */
    private static final int MAX_BODY_BYTES = 1024 * 1024;

    private static final String METHODS = "GET, HEAD, OPTIONS, POST, QUERY";
    private static final String FORM = "application/x-www-form-urlencoded";

    private static final Map<String, List<String>> STREAM_HEADERS =
            Map.of(
                    "Content-Type",
                    List.of("text/event-stream"),
                    "Cache-Control",
                    List.of("private, no-cache, no-store, must-revalidate, max-age=0"),
                    "Pragma",
                    List.of("no-cache"),
                    "Expire", // as other hubs spell it
                    List.of("0"),
                    "X-Accel-Buffering",
                    List.of("no"),
                    "X-Frame-Options",
                    List.of("DENY"),
                    "X-Content-Type-Options",
                    List.of("nosniff"));

    /** What was published may have been kept all the same. */
    static final String NO_BROKER = "the broker can't be reached now";

    /** A stream that ends at once: its subscriber comes again, as it wouldn't after an error. */
    private static final Bytes COME_AGAIN = Bytes.utf8("retry: 1000\n\n");

    private final MercureConfig config;
    private final MercureHub hub;
    private final @Nullable MappedNamespace mapped;
    private final NettyLoops loops;
    private final MercureTokens publishers;
    private final MercureTokens subscribers;
    private final Credential.Reader credentials;
    private final Answers answers;

    /**
     * @param mapped null: no channels are the hub's topics
     */
    public MercureDoor(
            MercureConfig config,
            MercureHub hub,
            @Nullable MappedNamespace mapped,
            NettyLoops loops) {
        this.config = config;
        this.hub = hub;
        this.mapped = mapped;
        this.loops = loops;
        this.publishers = new MercureTokens(config.publisherJwt(), config.url(), hub.selectors());
        this.subscribers = new MercureTokens(config.subscriberJwt(), config.url(), hub.selectors());
        this.credentials = new Credential.Reader(config.cookieName(), config.publishOrigins());
        this.answers = new Answers(config.url(), config.corsOrigins());
    }

    /**
     * Adds what the hub serves.
     *
     * @param limits that subscribers count for, as all who are served
     */
    public void add(HttpRoutes.Builder routes, ConnectionLimits limits) {
        StreamEndpoint subscribe = (request, responder) -> subscribe(request, limits, responder);
        routes.streamForAnyOrigin("GET", PATH, subscribe, 0)
                .streamForAnyOrigin("QUERY", PATH, subscribe, MAX_BODY_BYTES)
                .post(PATH, this::publish, MAX_BODY_BYTES)
                .on(
                        "OPTIONS",
                        PATH,
                        (request, responder) ->
                                responder.respond(answers.options(request.head(), METHODS)),
                        0);
        new SubscriptionPages(hub, this::authorized, answers).add(routes);
        if (!config.url().isEmpty()) new Metadata(config, answers).add(routes);
    }

    // ---- publishing ----

    private void publish(Request request, Responder responder) {
        RequestHead head = request.head();
        authorized(
                publishers,
                head,
                Generation.ZERO,
                responder,
                rights -> {
                    if (rights == null) {
                        answer(responder, head, answers.unauthorized("", ""));
                        return;
                    }
                    published(request, rights, response -> answer(responder, head, response));
                });
    }

    private void published(Request request, Rights rights, Consumer<Response> answer) {
        if (!isForm(request.head())) {
            answer.accept(Response.text(415, "expected " + FORM));
            return;
        }
        Update update;
        try {
            update = UpdateForm.read(request.body(), hub.url());
        } catch (Malformed e) {
            answer.accept(Response.text(400, String.valueOf(e.getMessage())));
            return;
        } catch (UpdateForm.TooMuch e) {
            answer.accept(Response.text(413, String.valueOf(e.getMessage())));
            return;
        }
        if (!rights.mayPublish(update.topics())) {
            answer.accept(answers.forbidden(rights.generation()));
            return;
        }
        var _ =
                (mapped == null ? hub.publish(update, System.nanoTime()) : mapped.publish(update))
                        .whenComplete((id, failure) ->
                                answer.accept(
                                        failure == null
                                                ? Response.text(200, id)
                                                : Response.text(503, NO_BROKER)));
    }

    /** Nothing is said about it by some publishers, who mean a form. */
    private static boolean isForm(RequestHead head) {
        String type = head.header("Content-Type");
        if (type == null) return true;
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters))
                .strip()
                .equalsIgnoreCase(FORM);
    }

    // ---- subscribing ----

    private void subscribe(Request request, ConnectionLimits limits, StreamResponder responder) {
        RequestHead head = request.head();
        if (head.method().equals("QUERY") && !isForm(head)) {
            answer(responder, head, Response.text(415, "expected " + FORM));
            return;
        }
        SubscribeQuery query;
        try {
            String body = request.body().toUtf8();
            query =
                    SubscribeQuery.read(
                                    SubscribeQuery.pairs(head.rawQuery(), body),
                                    hub.selectors()::of)
                            .withLastEventId(HeaderText.decoded(head.header("Last-Event-ID")));
        } catch (Malformed e) {
            answer(responder, head, Response.text(400, String.valueOf(e.getMessage())));
            return;
        }
        SubscribeQuery asked = query;
        var loop = loops.current();
        authorized(
                subscribers,
                head,
                query.generation(),
                responder,
                rights -> {
                    if (rights == null && !config.anonymous()) {
                        answer(responder, head, answers.unauthorized("", ""));
                        return;
                    }
                    boolean isHead = head.method().equals("HEAD");
                    String refusal = isHead ? null : limits.refusal();
                    if (refusal != null) {
                        answer(responder, head, Response.text(503, refusal));
                        return;
                    }
                    subscribed(head, asked, rights, loop, limits, responder);
                });
    }

    private void subscribed(
            RequestHead head,
            SubscribeQuery asked,
            @Nullable Rights rights,
            NettyLoop loop,
            ConnectionLimits limits,
            StreamResponder responder) {
        Runnable begin = () -> begin(head, asked, rights, loop, limits, responder);
        CompletableFuture<Void> place = hub.awaitPlace(asked).toCompletableFuture();
        if (place.isDone()) {
            begin.run();
            return;
        }
        limits.opened(); // who waits is a connection, too
        var _ =
                place.whenComplete((_, _) ->
                        loop.execute(() -> {
                            limits.closed();
                            begin.run();
                        }));
    }

    private void begin(
            RequestHead head,
            SubscribeQuery asked,
            @Nullable Rights rights,
            NettyLoop loop,
            ConnectionLimits limits,
            StreamResponder responder) {
        if (!hub.hasBegun()) {
            answer(responder, head, new Response(200, STREAM_HEADERS, COME_AGAIN));
            return;
        }
        var subscriber = hub.subscribe(loop.shard(), asked, rights);
        Response first = answers.readable(streamHead(subscriber.answeredLastEventId()), head);
        if (head.method().equals("HEAD")) responder.respond(first);
        else responder.stream(first, new EventStream(loop, subscriber, limits));
    }

    /** Each version has its own name for it. */
    private static Response streamHead(@Nullable String lastEventId) {
        Map<String, List<String>> headers = new TreeMap<>(STREAM_HEADERS);
        if (lastEventId != null) {
            String value = HeaderText.encoded(lastEventId);
            headers.put("Last-Event-ID", List.of(value));
            headers.put("Mercure-Last-Event-ID", List.of(value));
        }
        return new Response(200, headers, Bytes.EMPTY);
    }

    // ---- who is it ----

    /** Goes on with the rights of a subscriber's token; answers itself where it is no good. */
    void authorized(RequestHead head, Responder responder, Consumer<@Nullable Rights> then) {
        authorized(subscribers, head, Generation.ZERO, responder, then);
    }

    /**
     * Goes on with a token's rights, or with null if there is none. One that is there and no good
     * is an error, never nobody: who has been somebody would not notice.
     */
    private void authorized(
            MercureTokens tokens,
            RequestHead head,
            Generation generation,
            Responder responder,
            Consumer<@Nullable Rights> then) {
        switch (credentials.read(head, generation)) {
            case Credential.Missing() -> then.accept(null);
            case Credential.Broken(String why) ->
                    answer(
                            responder,
                            head,
                            generation == Generation.ONE
                                    ? answers.unauthorized("invalid_request", why)
                                    : answers.unauthorized("invalid_token", why));
            case Credential.Token token -> verify(tokens, token, head, responder, then);
        }
    }

    private void verify(
            MercureTokens tokens,
            Credential.Token token,
            RequestHead head,
            Responder responder,
            Consumer<@Nullable Rights> then) {
        if (!tokens.areAccepted()) {
            answer(responder, head, answers.unauthorized("invalid_token", ""));
            return;
        }
        var _ =
                tokens.verify(token.text(), System.currentTimeMillis() / 1000)
                        .whenComplete((verification, failure) -> {
                            if (failure != null) {
                                answer(
                                        responder,
                                        head,
                                        Response.text(503, "the keys can't be got now"));
                                return;
                            }
                            switch (verification) {
                                case Verification.Valid<Rights>(Rights rights)
                                        when token.inQuery()
                                                && rights.generation() == Generation.ONE ->
                                        answer(
                                                responder,
                                                head,
                                                answers.unauthorized(
                                                        "invalid_token",
                                                        "no token of version 1.0 in the query"));
                                case Verification.Valid<Rights>(Rights rights) ->
                                        then.accept(rights);
                                case Verification.Expired<Rights> _ ->
                                        answer(
                                                responder,
                                                head,
                                                answers.unauthorized(
                                                        "invalid_token", "the token has expired"));
                                case Verification.Invalid<Rights> _ ->
                                        answer(
                                                responder,
                                                head,
                                                answers.unauthorized("invalid_token", ""));
                            }
                        });
    }

    private void answer(Responder responder, RequestHead head, Response response) {
        responder.respond(answers.readable(response, head));
    }
}
