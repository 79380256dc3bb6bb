package dev.cardea.server.net;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent before it had the answer to what it sent before: at most one read, since
 * nothing more is read meanwhile. Belongs to the connection's event loop.
 */
final class EarlyInput {
    private final Channel channel;
    private @Nullable Queue<HttpObject> waiting;
    private boolean isTaking;

    EarlyInput(Channel channel) {
        this.channel = channel;
    }

    void add(HttpObject object) {
        if (waiting == null) waiting = new ArrayDeque<>();
        waiting.add(object);
        channel.config().setAutoRead(false);
    }

    /** Whether something waits, or is being taken. */
    boolean isThere() {
        return isTaking || waiting != null;
    }

    /**
     * Gives what waits, one after the other; reads on when nothing is left.
     *
     * @param goesOn asked before each: the one before may have ended the connection
     */
    void take(BooleanSupplier goesOn, Consumer<HttpObject> taker) {
        if (isTaking) return;
        isTaking = true;
        try {
            while (waiting != null && goesOn.getAsBoolean()) {
                HttpObject next = waiting.poll();
                if (next != null) taker.accept(next);
                else end();
            }
        } finally {
            isTaking = false;
        }
    }

    private void end() {
        waiting = null;
        channel.config().setAutoRead(true);
    }

    void drop() {
        if (waiting == null) return;
        waiting.forEach(ReferenceCountUtil::release);
        waiting = null;
    }
}
