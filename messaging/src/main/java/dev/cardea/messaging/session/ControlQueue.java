package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replies and pushes that wait for the peer, publications never. They are encoded when they are
 * written: a long history reply waits as a list of entries that the log holds anyway. Belongs to
 * one event loop.
 */
final class ControlQueue {
    /** As many messages go into one transport message. */
    private static final int MAX_JOINED = 16;

    private static final int MESSAGE_BYTES =
            128; // what a waiting message costs beside its payload, about
    private static final int REFERENCE_BYTES = 16;

    private final Speech speech;
    private @Nullable ArrayDeque<Reply>
            waiting; // most connections have nothing waiting most of the time
    private int bytes;

    ControlQueue(Speech speech) {
        this.speech = speech;
    }

    boolean isEmpty() {
        return waiting == null;
    }

    /** What waits, in bytes. */
    int bytes() {
        return bytes;
    }

    void add(Reply reply) {
        if (waiting == null) waiting = new ArrayDeque<>(4);
        waiting.add(reply);
        bytes += cost(reply);
    }

    /**
     * Writes messages into the outlet's batch until about {@code roomBytes} are written.
     *
     * @return bytes written
     */
    int writeTo(Outlet outlet, int roomBytes, ByteWriter scratch) {
        int written = 0;
        int maxJoined = outlet.joinsMessages() ? MAX_JOINED : 1;
        while (waiting != null && written < roomBytes) {
            scratch.clear();
            for (int joined = 0;
                    joined < maxJoined && waiting != null && scratch.length() < roomBytes - written;
                    joined++) {
                Reply reply = take();
                if (reply instanceof Reply.Ping && outlet.pingsNatively()) outlet.ping();
                else speech.write(reply, scratch);
            }
            if (scratch.length() == 0) continue; // a ping alone
            ByteBuffer message = scratch.written();
            // Newlines separate JSON messages; behind the last one it is a byte that nobody needs.
            if (speech.isJson()) message.limit(message.limit() - 1);
            outlet.message(message);
            written += message.remaining();
        }
        return written;
    }

    private Reply take() {
        if (waiting == null) throw new IllegalStateException("nothing waits");
        Reply reply = waiting.remove();
        bytes -= cost(reply);
        if (waiting.isEmpty()) waiting = null;
        return reply;
    }

    void clear() {
        waiting = null;
        bytes = 0;
    }

    private static int cost(Reply reply) {
        return switch (reply) {
            case Reply.History history -> MESSAGE_BYTES + references(history.publications());
            case Reply.Subscribe subscribe ->
                    MESSAGE_BYTES
                            + references(subscribe.result().publications())
                            + subscribe.result().data().length();
            case Reply.Presence presence ->
                    MESSAGE_BYTES + presence.presence().size() * MESSAGE_BYTES;
            case Reply.Rpc rpc -> MESSAGE_BYTES + rpc.data().length();
            case Reply.Connect connect -> cost(connect.result());
            case Reply.Pushed(Push.Message(Bytes data)) -> MESSAGE_BYTES + data.length();
            case Reply.Pushed(Push.Subscribe push) -> MESSAGE_BYTES + push.data().length();
            case Reply.Error _,
                    Reply.Unsubscribe _,
                    Reply.Publish _,
                    Reply.PresenceStats _,
                    Reply.Refresh _,
                    Reply.SubRefresh _,
                    Reply.Ping _,
                    Reply.Pushed _ ->
                    MESSAGE_BYTES;
        };
    }

    private static int cost(ConnectResult connected) {
        int bytes = MESSAGE_BYTES + connected.data().length();
        for (SubscribeResult subscribed : connected.subs().values()) {
            bytes += MESSAGE_BYTES + references(subscribed.publications());
            bytes += subscribed.data().length();
        }
        return bytes;
    }

    private static int references(List<Publication> publications) {
        return publications.size() * REFERENCE_BYTES;
    }
}
