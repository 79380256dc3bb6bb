package dev.cardea.server.net;

import dev.cardea.messaging.session.Session;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client's session behind a response that goes on. */
final class ClientStream implements StreamSource {
    private final NettyLoop loop;
    private final StreamEncoding encoding;
    private final Consumer<Session> last;

    // Until the response begins: what they hold of the request is forgotten then.
    private @Nullable Function<StreamOutlet, Session> sessions;
    private @Nullable Consumer<Session> first;

    // Set when the response begins.
    private @Nullable Session session;

    /**
     * @param sessions makes the session
     * @param first gives it what the request said
     * @param last is told that it has ended
     */
    ClientStream(
            NettyLoop loop,
            StreamEncoding encoding,
            Function<StreamOutlet, Session> sessions,
            Consumer<Session> first,
            Consumer<Session> last) {
        this.loop = loop;
        this.encoding = encoding;
        this.sessions = sessions;
        this.first = first;
        this.last = last;
    }

    @Override
    public NettyLoop loop() {
        return loop;
    }

    @Override
    public void begin(ResponseStream stream) {
        if (sessions == null || first == null) throw new IllegalStateException("begun twice");
        StreamOutlet outlet = new StreamOutlet(stream, encoding);
        outlet.begin();
        session = sessions.apply(outlet);
        sessions = null;
        first.accept(session);
        first = null;
        session.flush(System.nanoTime());
    }

    private Session session() {
        if (session == null) throw new IllegalStateException("not begun");
        return session;
    }

    @Override
    public void writable() {
        session().writable(System.nanoTime());
    }

    @Override
    public void halfClosed() {
        session().probe();
        session().flush(System.nanoTime());
    }

    @Override
    public void closed() {
        session().closed();
        last.accept(session());
    }
}
