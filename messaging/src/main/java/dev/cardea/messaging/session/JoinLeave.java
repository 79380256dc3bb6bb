package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.ClientInfo;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** Tells a channel who comes and goes: at once, or gathered over the namespace's interval. */
final class JoinLeave {
    private JoinLeave() {}

    static void joined(
            Node node, Shard shard, String channel, ChannelOptions options, ClientInfo info) {
        tell(node, shard, channel, options, new PresenceEvent(true, info));
    }

    /** From any thread. */
    static void left(
            Node node, Shard shard, String channel, ChannelOptions options, ClientInfo info) {
        tell(node, shard, channel, options, new PresenceEvent(false, info));
    }

    private static void tell(
            Node node, Shard shard, String channel, ChannelOptions options, PresenceEvent event) {
        if (options.joinLeaveIntervalNanos() <= 0)
            node.broker().publishEvents(channel, options, List.of(event));
        else gather(node, shard, channel, options, event);
    }

    private static void gather(
            Node node, Shard shard, String channel, ChannelOptions options, PresenceEvent event) {
        Runnable add =
                () ->
                        node.hub()
                                .gatherer(shard)
                                .add(channel, options, event, node.broker()::publishEvents);
        if (shard.loop().isCurrent()) {
            add.run();
            return;
        }
        try {
            shard.loop().execute(add);
        } catch (RejectedExecutionException _) {
            // The loop has ended, as its server does: presence tells the others by its time to
            // live.
        }
    }
}
