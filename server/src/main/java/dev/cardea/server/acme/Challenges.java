package dev.cardea.server.acme;

import dev.cardea.server.net.HttpLimits;
import dev.cardea.server.net.HttpPipeline;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Listener;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.Request;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where an authority looks whether a name leads here (RFC 8555 section 8.3): plain HTTP on a port
 * of its own. Whoever else comes is sent to https. Thread safe.
 */
final class Challenges implements AutoCloseable {
    private static final String PATH = "/.well-known/acme-challenge/";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Set<String> names;
    private final Listener listener;

    private Challenges(NettyLoops loops, String address, int port, List<String> names)
            throws IOException {
        this.names = Set.copyOf(names);
        HttpRoutes routes =
                HttpRoutes.builder().under(PATH, this::answer).under("/", this::redirect).build();
        listener =
                Listener.bind(loops, address, port, new HttpPipeline(routes, HttpLimits.DEFAULT));
    }

    /**
     * @param address empty: all addresses
     * @param names that are sent to https; others aren't known here
     */
    static Challenges open(NettyLoops loops, String address, int port, List<String> names)
            throws IOException {
        return new Challenges(loops, address, port, names);
    }

    /** Until it is forgotten. */
    void expect(String token, String answer) {
        answers.put(token, answer);
    }

    void forget(String token) {
        answers.remove(token);
    }

    int port() {
        return listener.port();
    }

    private void answer(Request request, Responder responder) {
        String answer = answers.get(request.head().path().substring(PATH.length()));
        responder.respond(answer == null ? Response.empty(404) : Response.text(200, answer));
    }

    private void redirect(Request request, Responder responder) {
        String host = request.head().header(HttpHeaderNames.HOST);
        if (host == null) host = "";
        String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        if (!names.contains(name)) {
            responder.respond(Response.empty(404));
            return;
        }
        String location = "https://" + name + request.head().target();
        responder.respond(Response.empty(308).with("Location", location));
    }

    @Override
    public void close() {
        listener.close();
    }
}
