package dev.cardea.server.mercure;

import dev.cardea.messaging.mercure.Subscriber;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.ResponseOutlet;
import dev.cardea.server.net.ResponseStream;
import dev.cardea.server.net.StreamSource;
import java.nio.ByteBuffer;

/** One subscriber's stream of events over a response that goes on. */
final class EventStream implements StreamSource {
    private final NettyLoop loop;
    private final Subscriber subscriber;
    private final ConnectionLimits limits;

    EventStream(NettyLoop loop, Subscriber subscriber, ConnectionLimits limits) {
        this.loop = loop;
        this.subscriber = subscriber;
        this.limits = limits;
    }

    @Override
    public NettyLoop loop() {
        return loop;
    }

    @Override
    public void begin(ResponseStream stream) {
        limits.opened();
        subscriber.begin(new Way(stream), System.nanoTime());
    }

    @Override
    public void writable() {
        subscriber.writable(System.nanoTime());
    }

    @Override
    public void halfClosed() {
        subscriber.halfClosed();
    }

    @Override
    public void closed() {
        limits.closed();
        subscriber.close(System.nanoTime());
    }

    private static final class Way extends ResponseOutlet {
        Way(ResponseStream stream) {
            super(stream);
        }

        @Override
        public void message(ByteBuffer payload) {
            stream().write(payload);
        }

        /** The browser comes back by itself; it couldn't be told anything. */
        @Override
        protected void farewell(int code, String reason) {}
    }
}
