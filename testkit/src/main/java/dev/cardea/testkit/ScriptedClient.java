package dev.cardea.testkit;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.session.Session;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientCodec;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client that says what the test tells it to, with a session behind it, and remembers what it
 * heard in order. What waits for an answer plays the simulation on until it is there.
 */
public final class ScriptedClient {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Simulation simulation;
    private final SimulatedLoop loop;
    private final ClientCodec codec;
    private final SimulatedOutlet outlet;
    private final Session session;

    private final ArrayDeque<ByteBuffer> unread = new ArrayDeque<>();
    private final List<Reply> heard = new ArrayList<>();
    private Consumer<Reply> listener = _ -> {};
    private boolean answersPings = true;
    private int lastId;

    ScriptedClient(SimulatedNode node, SimulatedLoop loop, SimulatedEncoding encoding) {
        this.simulation = node.simulation();
        this.loop = loop;
        this.codec = encoding.clientCodec();
        this.outlet =
                new SimulatedOutlet(
                        loop, this::hear, this::writable, () -> loop.execute(this::read));
        Session[] made = new Session[1];
        simulation.on(
                loop,
                () ->
                        made[0] =
                                new Session(
                                        node.node(),
                                        loop.shard(),
                                        outlet,
                                        encoding.codec(),
                                        encoding,
                                        Peer.of(
                                                "simulated",
                                                encoding.name().toLowerCase(Locale.ROOT)),
                                        loop.nowNanos()));
        this.session = Objects.requireNonNull(made[0]);
    }

    // ---- what it does ----

    /** Whether it answers pings; it does at first. */
    public ScriptedClient answersPings(boolean answers) {
        answersPings = answers;
        return this;
    }

    /** Is told of everything that it hears, too. */
    public ScriptedClient onReply(Consumer<Reply> listener) {
        this.listener = listener;
        return this;
    }

    /** Sends the commands in one transport message. */
    public void send(Command... commands) {
        ByteWriter message = new ByteWriter();
        for (Command command : commands) codec.write(command, message);
        sendRaw(message.toArray());
    }

    /** Sends a transport message. */
    public void sendRaw(byte[] message) {
        unread.add(ByteBuffer.wrap(message));
        loop.execute(this::read);
    }

    private void read() {
        while (!outlet.readsPaused() && !unread.isEmpty()) {
            session.receive(unread.remove(), loop.nowNanos());
        }
        session.flush(loop.nowNanos());
    }

    private void writable() {
        session.writable(loop.nowNanos());
    }

    public int nextId() {
        return ++lastId;
    }

    /** Sends one command and returns its id. */
    public int tell(IntFunction<Command> command) {
        int id = nextId();
        send(command.apply(id));
        return id;
    }

    /** Sends one command and waits for its answer. */
    public Reply.Answer ask(IntFunction<Command> command) {
        return answer(tell(command));
    }

    /** Waits for the answer to the command with this id; fails if the connection ends first. */
    public Reply.Answer answer(int id) {
        simulation.runUntil(() -> find(id) != null || closed() != null, PATIENCE);
        Reply.Answer answer = find(id);
        if (answer == null) throw new AssertionError("closed instead: " + closed());
        return answer;
    }

    public Reply.@Nullable Answer find(int id) {
        for (Reply reply : heard) {
            if (reply instanceof Reply.Answer answer && answer.id() == id) return answer;
        }
        return null;
    }

    public ConnectResult connect(String token) {
        return switch (ask(id -> connectCommand(id, token))) {
            case Reply.Connect(_, ConnectResult result) -> result;
            case Reply.Answer other -> throw new AssertionError("not connected: " + other);
        };
    }

    /** Connects without a token. */
    public ScriptedClient connected() {
        connect("");
        return this;
    }

    public static Command connectCommand(int id, String token) {
        return new Command.Connect(id, token, Bytes.EMPTY, Map.of(), "", "", Map.of(), 0);
    }

    public SubscribeResult subscribe(String channel) {
        return subscribe(SubscribeRequest.to(channel));
    }

    public SubscribeResult subscribe(SubscribeRequest request) {
        return switch (ask(id -> new Command.Subscribe(id, request))) {
            case Reply.Subscribe(_, SubscribeResult result) -> result;
            case Reply.Answer other -> throw new AssertionError("not subscribed: " + other);
        };
    }

    /** Subscribes from a position on. */
    public SubscribeResult recover(String channel, String epoch, long offset) {
        return subscribe(recoverRequest(channel, epoch, offset));
    }

    public static SubscribeRequest recoverRequest(String channel, String epoch, long offset) {
        return new SubscribeRequest(
                channel, "", true, epoch, offset, Bytes.EMPTY, false, true, false, "", null, 0, 0);
    }

    public Reply.Answer unsubscribe(String channel) {
        return ask(id -> new Command.Unsubscribe(id, channel));
    }

    public Reply.Answer publish(String channel, String data) {
        return ask(id -> publishCommand(id, channel, data));
    }

    public static Command publishCommand(int id, String channel, String data) {
        return new Command.Publish(id, channel, Bytes.utf8(data), 0, "", false);
    }

    /** Its network breaks: neither side says goodbye. */
    public void cut() {
        loop.execute(session::closed);
    }

    /** Does something with the session as the server would, on its loop. */
    public void onSession(Consumer<Session> task) {
        session.execute(task);
        simulation.run();
    }

    /** From now on it reads nothing. */
    public void stall() {
        outlet.stall();
    }

    /** It reads again. */
    public void resume() {
        outlet.resume();
        simulation.run();
    }

    /** It reads so many bytes. */
    public void take(int bytes) {
        outlet.take(bytes);
        simulation.run();
    }

    // ---- what it hears ----

    private void hear(ByteBuffer message) {
        for (Reply reply = codec.next(message); reply != null; reply = codec.next(message)) {
            heard.add(reply);
            listener.accept(reply);
            if (reply instanceof Reply.Ping && answersPings) pong();
        }
    }

    public void pong() {
        send(new Command.Empty(0));
    }

    /** Everything, in order. */
    public List<Reply> heard() {
        return heard;
    }

    /** Forgets what it heard so far. */
    public void forget() {
        heard.clear();
    }

    public List<Push> pushes() {
        List<Push> pushes = new ArrayList<>();
        for (Reply reply : heard) if (reply instanceof Reply.Pushed(Push push)) pushes.add(push);
        return pushes;
    }

    /** The publications that were pushed in a channel. */
    public List<Publication> publications(String channel) {
        List<Publication> publications = new ArrayList<>();
        for (Push push : pushes()) {
            if (push instanceof Push.Pub(String in, Publication publication) && in.equals(channel))
                publications.add(publication);
        }
        return publications;
    }

    /** The data of the publications that were pushed in a channel. */
    public List<String> data(String channel) {
        return publications(channel).stream().map(p -> p.data().toUtf8()).toList();
    }

    /** How the connection ended, as this client saw it; null while it is open. */
    public SimulatedOutlet.@Nullable Close closed() {
        return outlet.closed();
    }

    /** Waits for the end of the connection and returns its code; 0: it just broke off. */
    public int closeCode() {
        simulation.runUntil(() -> closed() != null, PATIENCE);
        return Objects.requireNonNull(closed()).code();
    }

    public SimulatedOutlet outlet() {
        return outlet;
    }

    public Session session() {
        return session;
    }
}
