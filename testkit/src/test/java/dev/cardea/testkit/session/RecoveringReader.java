package dev.cardea.testkit.session;

import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
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
final class RecoveringReader {
    /** What it has of one channel. */
    static final class Following {
        private final String channel;
        private String epoch = "";
        private long offset;
        private boolean recovers;
        long startOffset;
        final List<String> received = new ArrayList<>();

        Following(String channel) {
            this.channel = channel;
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

    RecoveringReader(SimulatedNode node, SimulatedEncoding encoding, List<String> channels) {
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
                if (following != null && error.temporary()) client.send(subscribe(following));
            }
            case Reply.Answer _, Reply.Ping _, Reply.Pushed _ -> {}
        }
    }

    Following following(String channel) {
        return Objects.requireNonNull(channels.get(channel));
    }

    private void subscribed(Following following, SubscribeResult result) {
        if (following.recovers && !result.recovered()) failedRecoveries++;
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
    void moveTo(SimulatedNode other) {
        node = other;
    }

    /** Connects again if its connection has ended. */
    void comeBackIfClosed() {
        if (client.closed() != null) connect();
    }

    ScriptedClient client() {
        return client;
    }

    int connects() {
        return connects;
    }

    int unsubscribes() {
        return unsubscribes;
    }

    int failedRecoveries() {
        return failedRecoveries;
    }
}
