package dev.cardea.messaging.api;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Session;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A JSON client that reads everything at once. */
final class TestClient {
    private static final JsonCodec CODEC = new JsonCodec();

    final Session session;

    /** What it was sent, a message each, and how it was closed, as {@code code reason}. */
    final List<String> received = new ArrayList<>();

    private final Node node;

    TestClient(Node node, Shard shard, String user, String... channels) {
        this.node = node;
        session =
                new Session(
                        node,
                        shard,
                        new Recorder(),
                        CODEC,
                        new Json(),
                        Peer.of("websocket", "json"),
                        0);
        send("{\"id\":1,\"connect\":{\"token\":\"" + user + "\"}}");
        for (String channel : channels) {
            send("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        }
        received.clear();
    }

    String id() {
        return session.client();
    }

    boolean isConnected() {
        return node.sessions().find(id()) != null;
    }

    void send(String json) {
        session.receive(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), 0);
        session.flush(0);
    }

    private static final class Json implements Encoding {
        @Override
        public int index() {
            return 0;
        }

        @Override
        public Frame encode(String channel, Entry entry) {
            ByteWriter out = new ByteWriter();
            CODEC.write(new Reply.Pushed(entry.push()), out);
            return new Frame(out.toArray());
        }
    }

    private final class Recorder implements Outlet {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void message(ByteBuffer payload) {
            received.add(StandardCharsets.UTF_8.decode(payload.duplicate()).toString().strip());
        }

        @Override
        public void write(Frame frame) {
            message(ByteBuffer.wrap(frame.bytes()));
        }

        @Override
        public void flush() {}

        @Override
        public int pendingBytes() {
            return 0;
        }

        @Override
        public long takenBytes() {
            return 0;
        }

        @Override
        public void pauseReads(boolean paused) {}

        @Override
        public void close(int code, String reason) {
            received.add(code + " " + reason);
        }

        @Override
        public void abort() {
            received.add("aborted");
        }
    }
}
