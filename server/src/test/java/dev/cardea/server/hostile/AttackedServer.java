package dev.cardea.server.hostile;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.TestTls;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.turn.TurnServer;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * A server on the loopback, with a {@link Bystander} on the same event loop as whoever attacks: the
 * only one there is. Closing it fails if the bystander has noticed anything.
 */
final class AttackedServer implements AutoCloseable {
    /** Longer than anything takes on a busy machine, and no test waits for it to pass. */
    static final Duration SOON = Duration.ofSeconds(20);

    private final CardeaServer server;
    private final Bystander bystander;
    private final boolean speaksTls;

    /** What it serves beside, where that is turned on. */
    TurnServer turn() {
        return Objects.requireNonNull(server.turn());
    }

    private AttackedServer(CardeaServer server) throws IOException {
        this.server = server;
        this.speaksTls = server.speaksTls();
        this.bystander = Bystander.on(this);
    }

    /** Everybody may do everything, which keeps permissions out of the way. */
    static AttackedServer start() throws IOException, BadConfig {
        return start("client: {insecure: true}");
    }

    static AttackedServer start(String yaml) throws IOException, BadConfig {
        return start(yaml, false);
    }

    static AttackedServer start(String yaml, boolean tls) throws IOException, BadConfig {
        ConfigLoader loader = ConfigLoader.text("test.yaml", yaml);
        if (tls) TestTls.layOver(loader, "http_server.tls");
        ConfigLoader.Loaded loaded =
                loader.flag("test", "http_server.address", "127.0.0.1")
                        .flag("test", "http_server.port", "0")
                        .flag("test", "event_loops", "1")
                        .load();
        CardeaServer server = CardeaServer.start(loaded.config(), null);
        try {
            return new AttackedServer(server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    int port() {
        return server.port();
    }

    Bystander bystander() {
        return bystander;
    }

    RawWebSocket.Dial dial() {
        var dial = RawWebSocket.to("127.0.0.1", port()).path(CentrifugeSocket.PATH);
        return speaksTls ? dial.tls(TestTls.trustful()) : dial;
    }

    /** A TCP connection that has not said a word. */
    Socket tcp() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    /** A WebSocket that has not said a word. */
    RawWebSocket open() throws IOException {
        return dial().connect(SOON);
    }

    /** A client whose connect command, with id 1, was answered. */
    CentrifugeSocket connected() throws IOException {
        return connected(CentrifugeSocket.json(open()));
    }

    CentrifugeSocket connectedProtobuf() throws IOException {
        return connected(CentrifugeSocket.connectProtobuf("127.0.0.1", port(), SOON));
    }

    static CentrifugeSocket connected(CentrifugeSocket socket) throws IOException {
        socket.send(connect(""));
        socket.answer(1, SOON);
        return socket;
    }

    static Command connect(String token) {
        return new Command.Connect(1, token, Bytes.EMPTY, Map.of(), "", "", Map.of(), 0);
    }

    static Command subscribe(int id, String channel) {
        return new Command.Subscribe(id, SubscribeRequest.to(channel));
    }

    static Command publish(int id, String channel, String json) {
        return new Command.Publish(id, channel, Bytes.utf8(json), 0, "", false);
    }

    @Override
    public void close() throws IOException {
        try {
            bystander.close();
        } finally {
            server.close();
        }
    }
}
