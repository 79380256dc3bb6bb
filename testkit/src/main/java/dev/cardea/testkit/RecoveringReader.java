package dev.cardea.testkit;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Does what an SDK does to lose nothing: subscribes again after an unsubscribe from code 2500 on,
 * connects again after the end of its connection, and recovers from where it stands.
 */
public final class RecoveringReader {
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** What it has of one channel. */
    public static final class Following {
        private final String channel;
        private String epoch = "";
        private long offset;
        private boolean recovers;
        private long startOffset;
        private int lost;
        private final List<String> received = new ArrayList<>();

        Following(String channel) {
            this.channel = channel;
        }

        /** Where it first subscribed. */
        public long startOffset() {
            return startOffset;
        }

        /** Whether it has been subscribed to. */
        public boolean hasBegun() {
            return recovers;
        }

        /** Where it stands in the stream. */
        public StreamPosition position() {
            return new StreamPosition(offset, epoch);
        }

        /** Offset and data of all that it has got, in order. */
        public List<String> received() {
            return received;
        }

        /** The data alone. */
        public List<String> data() {
            return received.stream().map(each -> each.substring(each.indexOf(' ') + 1)).toList();
        }

        /** How often it was told that it can't recover. */
        public int lost() {
            return lost;
        }
    }

    private SimulatedNode node;
    private final SimulatedEncoding encoding;
    private final Map<String, Following> channels = new LinkedHashMap<>();
    private final Map<Integer, Following> subscribing = new HashMap<>();
    private ScriptedClient client;
    private int connects;
    private int unsubscribes;
    private int failedRecoveries;

    public RecoveringReader(SimulatedNode node, SimulatedEncoding encoding, List<String> channels) {
        this.node = node;
        this.encoding = encoding;
        for (String channel : channels) this.channels.put(channel, new Following(channel));
        this.client = connect();
    }

    /** Sends connect and all subscribes in one message, as SDKs do. */
    private ScriptedClient connect() {
        connects++;
        subscribing.clear();
        ScriptedClient next = node.client(encoding);
        client = next;
        next.onReply(reply -> hear(next, reply));
        List<Command> commands = new ArrayList<>();
        commands.add(ScriptedClient.connectCommand(next.nextId(), "user:reader"));
        for (Following following : channels.values()) commands.add(subscribe(following));
        next.send(commands.toArray(Command[]::new));
        return next;
    }

    private Command subscribe(Following following) {
        int id = client.nextId();
        subscribing.put(id, following);
        return new Command.Subscribe(
                id,
                new SubscribeRequest(
                        following.channel,
                        "",
                        following.recovers,
                        following.epoch,
                        following.offset,
                        Bytes.EMPTY,
                        true,
                        true,
                        false,
                        "",
                        null,
                        0,
                        0));
    }

    private void hear(ScriptedClient from, Reply reply) {
        if (from != client) return;
        switch (reply) {
            case Reply.Subscribe(int id, SubscribeResult result) ->
                    subscribed(Objects.requireNonNull(subscribing.remove(id)), result);
            case Reply.Pushed(Push.Pub(String channel, Publication publication)) ->
                    take(following(channel), publication);
            case Reply.Pushed(Push.Unsubscribe(String channel, int code, String _))
                    when code >= 2500 -> {
                unsubscribes++;
                client.send(subscribe(following(channel)));
            }
            case Reply.Error error -> {
                Following following = subscribing.remove(error.id());
                if (following != null && error.temporary()) tryAgain(following);
            }
            case Reply.Answer _, Reply.Ping _, Reply.Pushed _ -> {}
        }
    }

    private void tryAgain(Following following) {
        ScriptedClient tried = client;
        node.simulation()
                .after(
                        PAUSE,
                        () -> {
                            if (client == tried && tried.closed() == null)
                                tried.send(subscribe(following));
                        });
    }

    public Following following(String channel) {
        return Objects.requireNonNull(channels.get(channel));
    }

    private void subscribed(Following following, SubscribeResult result) {
        if (following.recovers && !result.recovered()) {
            failedRecoveries++;
            following.lost++;
            following.offset = result.offset();
        }
        if (!following.recovers) {
            following.startOffset = result.offset();
            following.offset = result.offset();
        }
        following.recovers = true;
        following.epoch = result.epoch();
        for (Publication publication : result.publications()) take(following, publication);
    }

    private static void take(Following following, Publication publication) {
        following.offset = publication.offset();
        following.received.add(publication.offset() + " " + publication.data().toUtf8());
    }

    /** Comes back to another node from now on. */
    public void moveTo(SimulatedNode other) {
        node = other;
    }

    /** Connects again if its connection has ended. */
    public void comeBackIfClosed() {
        if (client.closed() != null) connect();
    }

    public ScriptedClient client() {
        return client;
    }

    public int connects() {
        return connects;
    }

    public int unsubscribes() {
        return unsubscribes;
    }

    public int failedRecoveries() {
        return failedRecoveries;
    }
}
