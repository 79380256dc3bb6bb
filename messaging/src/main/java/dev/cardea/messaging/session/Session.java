package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.messaging.hook.Caller;
import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.hub.Positions;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.session.ConnectionStatus.Software;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.StreamPositions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, behind any bidirectional transport. Belongs to one event loop; other
 * threads use {@link #execute}.
 *
 * <p>Here is what a connection has, and what others may do with it. The rest is beside: {@link
 * Admission} and {@link ConnectionEnd} move it from one {@link State} to the next; {@link Input}
 * takes commands, one after the other, and {@link Dispatch} gives them to {@link ConnectFlow},
 * {@link SubscribeFlow}, {@link SubscriptionEnd}, {@link RefreshFlow} and {@link ChannelCalls},
 * which carry them out; {@link Output} writes what the client is told; {@link Upkeep} does what is
 * due; {@link LappedReader} says what happens to a reader that is too slow.
 */
public final class Session {
    private final Node node;
    private final Shard shard;
    private final Outlet outlet;
    private final Encoding encoding;
    private final Input input;
    private final Output output;
    private final Upkeep upkeep;
    private final Throttle throttle;
    private final String client;

    /** How the client came; its connect command may add to that. */
    private Peer peer;

    private final long openedNanos;
    private Software software = Software.UNKNOWN;

    /** Null until it is asked for: most transports have no use for one. */
    private @Nullable String sessionId;

    private final Direction direction;

    /** What the client has said it knows of its channels' streams. */
    private StreamPositions known = StreamPositions.NONE;

    private State state;
    private Credentials credentials = Credentials.ANONYMOUS;

    public Session(
            Node node,
            Shard shard,
            Outlet outlet,
            Codec codec,
            Encoding encoding,
            Peer peer,
            long nowNanos) {
        this(node, shard, outlet, codec, encoding, peer, Direction.BOTH, nowNanos);
    }

    public Session(
            Node node,
            Shard shard,
            Outlet outlet,
            Codec codec,
            Encoding encoding,
            Peer peer,
            Direction direction,
            long nowNanos) {
        this.node = node;
        this.direction = direction;
        this.peer = peer;
        this.shard = shard;
        this.outlet = outlet;
        this.encoding = encoding;
        this.input = new Input(this, codec);
        this.output = new Output(this, codec, direction);
        this.upkeep = new Upkeep(this);
        this.throttle = new Throttle(this, nowNanos);
        this.client = node.newClientId().get();
        this.openedNanos = nowNanos;
        this.state = new State.Fresh(nowNanos + node.options().staleCloseDelayNanos());
        upkeep.wakeBy(nowNanos + node.options().staleCloseDelayNanos());
    }

    /** The connection's id. */
    public String client() {
        return client;
    }

    public String user() {
        return credentials.user();
    }

    /**
     * A second id, which a transport tells its client and nobody else: the server API and requests
     * apart from the connection mean it by that. On the loop.
     */
    public String sessionId() {
        if (sessionId == null) sessionId = node.newClientId().get();
        return sessionId;
    }

    /** Whether its client was told this session id. On the loop. */
    public boolean isKnownAs(String id) {
        return id.equals(sessionId);
    }

    /** How the client came. */
    public Peer peer() {
        return peer;
    }

    /** Runs on the session's own loop. From any thread. */
    public void execute(Consumer<Session> task) {
        shard.loop().execute(() -> task.accept(this));
    }

    // ---- input ----

    /**
     * Takes one transport message.
     *
     * @param message borrowed until the call returns
     */
    public void receive(ByteBuffer message, long nowNanos) {
        assert shard.loop().isCurrent() : "session " + client + " on another thread";
        input.receive(message, nowNanos);
    }

    /**
     * Takes the connect command of a client that can say nothing else. On the loop.
     *
     * @param known what the client has of its streams: recovered are those channels that it gets
     *     without asking; what it missed follows as publications
     */
    public void connect(Command.Connect command, StreamPositions known, long nowNanos) {
        this.known = known;
        Dispatch.handle(this, command, nowNanos);
    }

    /**
     * There is reason to believe that the client has gone: a ping, if its transport has any, shows
     * whether it has. On the loop.
     */
    public void probe() {
        if (isOpen()) upkeep.ping(nowNanos());
    }

    /** The transport has brought an answer to its own ping. On the loop. */
    public void ponged() {
        if (isOpen()) upkeep.heartbeat().received(); // one that nobody asked for is allowed there
    }

    /** Whether the transport should hold back messages that it has already read. */
    public boolean readsPaused() {
        return input.readsPaused();
    }

    /**
     * Goes on when the stage is complete: at once, or as a later input of this loop, before any
     * other command.
     *
     * @param otherwise when the stage failed, or nobody is left to hear of its success
     */
    <T> void await(CompletionStage<T> stage, Consumer<T> then, Runnable otherwise) {
        input.await(stage, then, otherwise);
    }

    /**
     * The same for a publication: other publications don't wait for it.
     *
     * @param bytes of its data
     */
    <T> void awaitPublish(
            CompletionStage<T> stage, int bytes, Consumer<T> then, Runnable otherwise) {
        input.awaitPublish(stage, bytes, then, otherwise);
    }

    /** The same, but commands don't wait for it. */
    <T> void awaitAside(CompletionStage<T> stage, Consumer<T> then, Runnable otherwise) {
        input.awaitAside(stage, then, otherwise);
    }

    /** Asks a hook on behalf of a command, and goes on with what it gives. */
    <T> void ask(int id, CompletionStage<Answer<T>> asked, Consumer<T> then) {
        await(
                asked,
                answer -> {
                    switch (answer) {
                        case Answer.Given<T>(T what) -> then.accept(what);
                        case Answer.Failed<T>(Fault why) -> fail(id, why);
                    }
                },
                () -> refuse(id, Refusal.INTERNAL));
    }

    /** The client introduces itself. */
    void admit(String name, String version, Map<String, String> headers) {
        software = new Software(name, version);
        peer = node.hooks().admit(peer, headers);
    }

    /** How it is now. On the loop. */
    public ConnectionStatus status() {
        return ConnectionStatus.of(this, nowNanos());
    }

    /** For the hooks. */
    Caller caller() {
        return new Caller(client, credentials.user(), credentials.info(), credentials.meta(), peer);
    }

    /**
     * Lets the connection live on until then, or for ever (0), on the server's behalf: it is told
     * with a push. A time that has passed ends it. On the loop.
     *
     * @param info shown to other subscribers from now on; empty: as before
     */
    public void refresh(long expireAtSeconds, Bytes info) {
        RefreshFlow.byServer(this, expireAtSeconds, info);
    }

    // ---- subscriptions ----

    void add(ClientSubscription subscription) {
        subscriptions().add(subscription);
        Positions positions = delivery().positions();
        if (positions != null && subscription.recoverable)
            positions.add(subscription.reading, subscription.epoch);
        node.counters().subscribed(1);
        upkeep.lookAfter(subscription, nowNanos());
    }

    /**
     * Subscribes the connection on the server's behalf: it is told with a push. On the loop.
     * Completes with what is wrong, or with nothing once it is done, or needn't be: the connection
     * has ended, or is subscribed already.
     *
     * @param since where the client stands in the stream; null: at its top
     */
    public CompletionStage<Optional<Refusal>> subscribe(
            String channel, SubscriptionGrant grant, @Nullable StreamPosition since) {
        ServerSubscribe subscribe = new ServerSubscribe(this, channel, grant, since);
        if (state instanceof State.Entering(_, _, List<Runnable> onceOpen))
            onceOpen.add(subscribe::begin);
        else subscribe.begin();
        return subscribe.done();
    }

    /**
     * Ends a subscription from the server's side, with everything that was published before. On the
     * loop.
     */
    public void unsubscribe(String channel, Unsubscribed why) {
        SubscriptionEnd.pushed(this, channel, why);
    }

    void remove(ClientSubscription subscription) {
        subscriptions().remove(subscription);
        leave(subscription);
    }

    void leave(ClientSubscription subscription) {
        Positions positions = delivery().positions();
        if (positions != null) positions.remove(subscription.reading);
        node.counters().subscribed(-1);
        subscription.leave(node, shard, client, nowNanos());
        output.lanes().close(subscription.reading.delivery());
    }

    /** Whether a subscription that was begun may still be added. */
    boolean admitsTo(Subscriptions begun) {
        boolean admits = state instanceof State.Open || state instanceof State.Entering;
        return admits && subscriptions() == begun;
    }

    // ---- output ----

    void reply(Reply reply) {
        if (!(state instanceof State.Closed)) output.reply(reply);
    }

    void push(Push push) {
        reply(new Reply.Pushed(push));
    }

    void refuse(int id, Refusal refusal) {
        fail(id, refusal.fault());
    }

    /** Says no in somebody else's words. */
    void fail(int id, Fault why) {
        if (state instanceof State.Closed) return;
        switch (why) {
            case Fault.Error(int code, _, _) when direction == Direction.DOWN -> {
                node.counters().error(code);
                disconnect(Disconnect.insteadOf(code));
            }
            case Fault.Error(int code, String message, boolean temporary) -> {
                node.counters().error(code);
                reply(new Reply.Error(id, code, message, temporary));
                throttle.error(code, nowNanos());
            }
            case Fault.End(int code, String reason) -> disconnect(new Disconnect(code, reason));
        }
    }

    /** After a batch of input: its replies leave at once, together. */
    public void flush(long nowNanos) {
        if (!(state instanceof State.Closed)) output.delivery().flush(nowNanos);
    }

    /** The transport has written all that was pending. */
    public void writable(long nowNanos) {
        output.delivery().writable(nowNanos);
    }

    // ---- the end ----

    /**
     * Ends the connection. What was published or answered before is still written, unless the peer
     * has gone or doesn't read. On the loop.
     */
    public void disconnect(Disconnect why) {
        ConnectionEnd.begin(this, why);
    }

    /** The transport has ended: nobody is left to be told. */
    public void closed() {
        disconnect(Disconnect.CONNECTION_CLOSED);
    }

    // ---- for the others of this package ----

    Direction direction() {
        return direction;
    }

    StreamPositions known() {
        return known;
    }

    void forgetKnown() {
        known = StreamPositions.NONE;
    }

    Software software() {
        return software;
    }

    long openedNanos() {
        return openedNanos;
    }

    State state() {
        return state;
    }

    /** For {@link Admission} and {@link ConnectionEnd}, and nobody else. */
    void state(State next) {
        state = next;
    }

    boolean isOpen() {
        return state instanceof State.Open;
    }

    boolean isClosing() {
        return state instanceof State.Closing || state instanceof State.Closed;
    }

    /** None before the connection is let in and after it is closed. */
    Subscriptions subscriptions() {
        return state.subscriptions();
    }

    @Nullable ClientSubscription subscription(String channel) {
        return subscriptions().find(channel);
    }

    Node node() {
        return node;
    }

    /** Its loop's share of the hub. */
    public Shard shard() {
        return shard;
    }

    Outlet outlet() {
        return outlet;
    }

    Delivery delivery() {
        return output.delivery();
    }

    Encoding encoding() {
        return encoding;
    }

    Input input() {
        return input;
    }

    Output output() {
        return output;
    }

    Throttle throttle() {
        return throttle;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    Credentials credentials() {
        return credentials;
    }

    void credentials(Credentials granted) {
        credentials = granted;
    }

    long nowNanos() {
        return shard.loop().nowNanos();
    }

    int secondsUntil(long unixSeconds) {
        return Math.clamp(
                unixSeconds - node.unixMillis().getAsLong() / 1000,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE);
    }
}
