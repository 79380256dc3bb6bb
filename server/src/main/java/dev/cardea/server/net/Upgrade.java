package dev.cardea.server.net;

import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/** Whether a connection becomes a WebSocket. */
public sealed interface Upgrade {
    /**
     * Answer with 101 and hand the connection over.
     *
     * @param handler replaces all HTTP handlers of the pipeline. Its {@code handlerAdded} is its
     *     start: the channel has long been active, and the 101 is written before. Inbound messages
     *     are {@code ByteBuf}s
     * @param subprotocol the one of those offered that was chosen, if any
     * @param extensions what is answered in {@code Sec-WebSocket-Extensions}, if anything
     */
    record To(ChannelHandler handler, @Nullable String subprotocol, @Nullable String extensions)
            implements Upgrade {
        /** Without extensions. */
        public To(ChannelHandler handler, @Nullable String subprotocol) {
            this(handler, subprotocol, null);
        }
    }

    /**
     * Answer with this status and text.
     *
     * @param status 4xx or 5xx
     */
    record Refused(int status, String why) implements Upgrade {}
}
