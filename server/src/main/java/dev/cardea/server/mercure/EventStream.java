package dev.cardea.server.mercure;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.mercure.Subscriber;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.ResponseStream;
import dev.cardea.server.net.StreamSource;
import java.nio.ByteBuffer;

/** One subscriber's stream of events over a response that goes on. */
final class EventStream implements StreamSource {
    private final NettyLoop loop;
    private final Subscriber subscriber;

    EventStream(NettyLoop loop, Subscriber subscriber) {
        this.loop = loop;
        this.subscriber = subscriber;
    }

    @Override
    public NettyLoop loop() {
        return loop;
    }

    @Override
    public void begin(ResponseStream stream) {
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
        subscriber.close(System.nanoTime());
    }

    private static final class Way implements Outlet {
        private final ResponseStream stream;
        private boolean closing;

        Way(ResponseStream stream) {
            this.stream = stream;
        }

        @Override
        public boolean isWritable() {
            return stream.isWritable() && !closing;
        }

        @Override
        public void write(Frame frame) {
            stream.write(frame);
        }

        @Override
        public void message(ByteBuffer payload) {
            stream.write(payload);
        }

        @Override
        public void flush() {
            stream.flush();
        }

        @Override
        public int pendingBytes() {
            return stream.pendingBytes();
        }

        @Override
        public long takenBytes() {
            return stream.takenBytes();
        }

        /** Nothing is read any more. */
        @Override
        public void pauseReads(boolean paused) {}

        /** The browser comes back by itself; it couldn't be told anything. */
        @Override
        public void close(int code, String reason) {
            if (closing) return;
            closing = true;
            stream.end();
        }

        @Override
        public void abort() {
            closing = true;
            stream.abort();
        }
    }
}
