package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.hub.Subscription;
import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, behind any bidirectional transport. Belongs to one event loop; other
 * threads use {@link #execute}.
 *
 * <p>Commands are carried out one after the other: while one waits for the broker or the
 * authenticator, those behind it wait as bytes, bounded, and reading pauses.
 */
public final class Session implements Delivery.Owner {
    private static final long PENDING_LIMIT_NANOS = 30_000_000_000L;
    private static final long NEVER = Long.MAX_VALUE;

    /** Where a connection stands; commands mean nothing before it is {@link Open}. */
    sealed interface State {
        /** Nothing but a connect command may come, before long. */
        record Fresh(long deadlineNanos) implements State {}

        /** The connect command was answered with an error: whatever follows is one more. */
        record Refused() implements State {}

        record Open(Map<String, ClientSubscription> subscriptions) implements State {}

        /** What is on its way is still written, then the connection ends. */
        record Closing(Disconnect why, Map<String, ClientSubscription> subscriptions)
                implements State {}

        record Closed() implements State {}
    }

    private final Node node;
    private final Shard shard;
    private final Outlet outlet;
    private final Codec codec;
    private final Encoding encoding;
    private final Delivery delivery;
    private final ControlQueue control;
    private final WaitingInput waiting = new WaitingInput();
    private final Heartbeat heartbeat;
    private final TimerWheel.Timer timer = new SessionTimer();
    private final String client;
    private final Map<String, ClientSubscription.Laps> laps = new HashMap<>(0);

    private State state;
    private Credentials credentials = Credentials.ANONYMOUS;

    /** Since when a command waits for somebody else; {@link #NEVER}: none does. */
    private long pendingSinceNanos = NEVER;

    private boolean readsPaused;
    private long presenceAtNanos = NEVER;
    private long positionCheckAtNanos = NEVER;

    /** While the peer takes nothing: what it had taken when we looked last, and when we give up. */
    private long takenBytes;

    private long writeDeadlineNanos = NEVER;

    public Session(
            Node node, Shard shard, Outlet outlet, Codec codec, Encoding encoding, long nowNanos) {
        this.node = node;
        this.shard = shard;
        this.outlet = outlet;
        this.codec = codec;
        this.encoding = encoding;
        ClientOptions options = node.options();
        this.delivery = new Delivery(shard, outlet, this, options.highWaterBytes());
        this.control = new ControlQueue(codec);
        this.heartbeat = new Heartbeat(options.pingIntervalNanos(), options.pongTimeoutNanos());
        this.client = node.newClientId().get();
        this.state = new State.Fresh(nowNanos + options.staleCloseDelayNanos());
        setTimer();
    }

    /** The connection's id. */
    public String client() {
        return client;
    }

    public String user() {
        return credentials.user();
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
        if (isClosing()) return;
        if (!message.hasRemaining()) {
            disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        if (!isBusy()) process(message, nowNanos);
        else if (!isPong(message)) waiting.add(message);
        pauseReadsIfNeeded();
    }

    /** A client that waits for a slow answer may still say that it lives. */
    private boolean isPong(ByteBuffer message) {
        if (message.remaining() > 2 || !(state instanceof State.Open)) return false;
        ByteBuffer look = message.duplicate();
        try {
            return codec.next(look, 2) instanceof Command.Empty(int id) && id == 0 && handlePong();
        } catch (Malformed _) {
            return false; // it is refused when its turn comes
        }
    }

    private void process(ByteBuffer message, long nowNanos) {
        while (!isClosing()) {
            if (isBusy()) {
                if (message.hasRemaining()) waiting.addFirst(message);
                return;
            }
            Command command;
            try {
                command = codec.next(message, node.options().maxCommandBytes());
            } catch (Malformed _) {
                disconnect(Disconnect.BAD_REQUEST);
                return;
            }
            if (command == null) return;
            handle(command, nowNanos);
        }
    }

    private void handle(Command command, long nowNanos) {
        node.counters().command();
        switch (state) {
            case State.Fresh _ when command instanceof Command.Connect connect -> connect(connect);
            case State.Fresh _, State.Refused _ -> disconnect(Disconnect.BAD_REQUEST);
            case State.Open open when command.id() == 0 && !(command instanceof Command.Send) ->
                    handlePong();
            case State.Open open -> handleOpen(command, open, nowNanos);
            case State.Closing _, State.Closed _ -> {}
        }
    }

    private void handleOpen(Command command, State.Open open, long nowNanos) {
        switch (command) {
            case Command.Subscribe subscribe -> new SubscribeFlow(this, subscribe).begin(nowNanos);
            case Command.Unsubscribe(int id, String channel) -> unsubscribe(id, channel, open);
            case Command.Publish publish -> ChannelCalls.publish(this, publish);
            case Command.Presence presence -> ChannelCalls.presence(this, presence);
            case Command.PresenceStats stats -> ChannelCalls.presenceStats(this, stats);
            case Command.History history -> ChannelCalls.history(this, history);
            case Command.Refresh(int id, String token) -> refresh(id, token);
            case Command.SubRefresh refresh -> refresh(refresh, open);
            case Command.Rpc(int id, String _, Bytes _) -> refuse(id, Refusal.NOT_AVAILABLE);
            case Command.Send _ -> disconnect(Disconnect.NOT_AVAILABLE);
            case Command.Connect _, Command.Ping _, Command.Empty _ ->
                    disconnect(Disconnect.BAD_REQUEST);
        }
    }

    private boolean handlePong() {
        if (!heartbeat.received()) disconnect(Disconnect.BAD_REQUEST);
        return true;
    }

    // ---- waiting for others ----

    boolean isBusy() {
        return pendingSinceNanos != NEVER;
    }

    /**
     * Goes on when the stage is complete: at once, or as a later input of this loop, before any
     * other command.
     *
     * @param otherwise when the stage failed
     */
    <T> void await(CompletionStage<T> stage, Consumer<T> then, Runnable otherwise) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            settle(future, then, otherwise);
            return;
        }
        hold();
        var _ =
                future.whenComplete(
                        (_, _) -> shard.loop().execute(() -> arrived(future, then, otherwise)));
    }

    private <T> void arrived(CompletableFuture<T> future, Consumer<T> then, Runnable otherwise) {
        pendingSinceNanos = NEVER;
        if (state instanceof State.Closed) {
            otherwise.run(); // nobody is left to hear of a success
            return;
        }
        settle(future, then, otherwise);
        goOn();
    }

    private static <T> void settle(
            CompletableFuture<T> future, Consumer<T> then, Runnable otherwise) {
        if (future.isCompletedExceptionally()) otherwise.run();
        else then.accept(future.resultNow());
    }

    /** No further command is carried out until {@link #goOn()}. */
    private void hold() {
        pendingSinceNanos = shard.loop().nowNanos();
        setTimer();
    }

    private void release() {
        pendingSinceNanos = NEVER;
        goOn();
    }

    private void goOn() {
        long nowNanos = shard.loop().nowNanos();
        while (!isBusy() && !isClosing()) {
            ByteBuffer next = waiting.take();
            if (next == null) break;
            process(next, nowNanos);
        }
        pauseReadsIfNeeded();
    }

    private void pauseReadsIfNeeded() {
        if (state instanceof State.Closed) return;
        int half = node.options().queueMaxSizeBytes() / 2;
        boolean pause = control.bytes() > half || waiting.bytes() > half;
        if (pause == readsPaused) return;
        readsPaused = pause;
        if (pause) heartbeat.readsPaused();
        else heartbeat.readsResumed(shard.loop().nowNanos());
        outlet.pauseReads(pause);
    }

    /** Whether the transport should hold back messages that it has already read. */
    public boolean readsPaused() {
        return readsPaused;
    }

    // ---- connecting ----

    private void connect(Command.Connect command) {
        await(
                node.authenticator().connect(command),
                verdict -> {
                    switch (verdict) {
                        case Verdict.Granted<Credentials>(Credentials granted) ->
                                open(command.id(), granted);
                        case Verdict.Expired<Credentials> _ ->
                                refuseConnect(command.id(), Refusal.TOKEN_EXPIRED);
                        case Verdict.Invalid<Credentials> _, Verdict.Mismatched<Credentials> _ ->
                                disconnect(Disconnect.INVALID_TOKEN);
                        case Verdict.Missing<Credentials> _ -> disconnect(Disconnect.BAD_REQUEST);
                        case Verdict.Forbidden<Credentials> _ ->
                                disconnect(Disconnect.PERMISSION_DENIED);
                    }
                },
                () -> refuseConnect(command.id(), Refusal.INTERNAL));
    }

    private void refuseConnect(int id, Refusal refusal) {
        state = new State.Refused();
        refuse(id, refusal);
    }

    private void open(int id, Credentials granted) {
        if (isClosing()) return;
        if (granted.expireAtSeconds() > 0 && secondsUntil(granted.expireAtSeconds()) <= 0) {
            refuseConnect(id, Refusal.EXPIRED);
            return;
        }
        if (!node.sessions().add(this, granted.user(), node.options().userConnectionLimit())) {
            disconnect(Disconnect.CONNECTION_LIMIT);
            return;
        }
        credentials = granted;
        state = new State.Open(new HashMap<>(2));
        node.counters().connected(1);
        long nowNanos = shard.loop().nowNanos();
        long interval = node.options().pingIntervalNanos();
        heartbeat.begin(
                nowNanos,
                interval <= 1 ? interval : interval / 2 + node.random().nextLong(interval / 2));
        presenceAtNanos = nowNanos + node.options().presenceUpdateIntervalNanos();
        if (node.options().channelPositionCheckDelayNanos() > 0) {
            positionCheckAtNanos = nowNanos + node.options().channelPositionCheckDelayNanos();
        }
        setTimer();
        reply(new Reply.Connect(id, connectResult()));
    }

    private ConnectResult connectResult() {
        boolean expires = credentials.expireAtSeconds() > 0;
        return new ConnectResult(
                client,
                node.version(),
                expires,
                expires ? secondsUntil(credentials.expireAtSeconds()) : 0,
                Bytes.EMPTY,
                Map.of(),
                (int) (node.options().pingIntervalNanos() / 1_000_000_000L),
                node.options().pingIntervalNanos() > 0,
                "",
                node.id(),
                node.options().includeServerTime() ? node.unixMillis().getAsLong() : 0);
    }

    private void refresh(int id, String token) {
        if (token.isEmpty()) {
            disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        await(
                node.authenticator().refresh(token),
                verdict -> {
                    switch (verdict) {
                        case Verdict.Granted<Credentials>(Credentials granted) ->
                                refreshed(id, granted);
                        case Verdict.Expired<Credentials> _ -> disconnect(Disconnect.EXPIRED);
                        case Verdict.Invalid<Credentials> _,
                                Verdict.Mismatched<Credentials> _,
                                Verdict.Missing<Credentials> _,
                                Verdict.Forbidden<Credentials> _ ->
                                disconnect(Disconnect.INVALID_TOKEN);
                    }
                },
                () -> refuse(id, Refusal.INTERNAL));
    }

    private void refreshed(int id, Credentials granted) {
        if (!granted.user().equals(credentials.user())) {
            disconnect(Disconnect.INVALID_TOKEN);
            return;
        }
        boolean expires = granted.expireAtSeconds() > 0;
        int ttlSeconds = expires ? secondsUntil(granted.expireAtSeconds()) : 0;
        if (expires && ttlSeconds <= 0) {
            disconnect(Disconnect.EXPIRED);
            return;
        }
        credentials = granted;
        setTimer();
        reply(new Reply.Refresh(id, client, node.version(), expires, ttlSeconds));
    }

    // ---- subscriptions ----

    private void unsubscribe(int id, String channel, State.Open open) {
        if (channel.isEmpty()) {
            disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        ClientSubscription subscription = open.subscriptions().get(channel);
        if (subscription == null || subscription.atEnd != null) {
            reply(new Reply.Unsubscribe(id));
            return;
        }
        hold();
        end(
                subscription,
                () -> {
                    reply(new Reply.Unsubscribe(id));
                    release();
                });
    }

    private void refresh(Command.SubRefresh command, State.Open open) {
        ClientSubscription subscription = open.subscriptions().get(command.channel());
        if (command.channel().isEmpty()
                || command.token().isEmpty()
                || command.type() != 0
                || subscription == null) {
            disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        await(
                node.authenticator().subscribe(command.token(), command.channel(), user(), client),
                verdict -> {
                    switch (verdict) {
                        case Verdict.Granted(var grant) -> {
                            subscription.expireAtSeconds = grant.expireAtSeconds();
                            boolean expires = grant.expireAtSeconds() > 0;
                            int ttl = expires ? secondsUntil(grant.expireAtSeconds()) : 0;
                            if (expires && ttl <= 0) refuse(command.id(), Refusal.EXPIRED);
                            else reply(new Reply.SubRefresh(command.id(), expires, ttl));
                            setTimer();
                        }
                        case Verdict.Expired<?> _ -> refuse(command.id(), Refusal.TOKEN_EXPIRED);
                        case Verdict.Invalid<?> _, Verdict.Missing<?> _, Verdict.Forbidden<?> _ ->
                                refuse(command.id(), Refusal.PERMISSION_DENIED);
                        case Verdict.Mismatched<?> _ -> disconnect(Disconnect.INVALID_TOKEN);
                    }
                },
                () -> refuse(command.id(), Refusal.INTERNAL));
    }

    /**
     * The subscription reads up to the head as it stands, then it is gone and {@code then} is done.
     */
    private void end(ClientSubscription subscription, Runnable then) {
        subscription.atEnd = then;
        delivery.setBarrier(subscription.reading);
    }

    /**
     * Ends a subscription from the server's side, with everything that was published before. On the
     * loop.
     */
    public void unsubscribe(String channel, Unsubscribed why) {
        if (!(state instanceof State.Open(Map<String, ClientSubscription> subscriptions))) return;
        ClientSubscription subscription = subscriptions.get(channel);
        if (subscription == null || subscription.atEnd != null) return;
        end(subscription, () -> pushUnsubscribe(channel, why));
    }

    private void pushUnsubscribe(String channel, Unsubscribed why) {
        node.counters().unsubscribed(why);
        push(new Push.Unsubscribe(channel, why.code(), why.reason()));
    }

    @Override
    public void reachedBarrier(Subscription reading, long nowNanos) {
        ClientSubscription subscription = subscriptionsOrNone().get(reading.channelName());
        if (subscription == null || subscription.reading != reading) return;
        Runnable atEnd = subscription.atEnd;
        remove(subscription);
        if (atEnd != null) atEnd.run();
        if (state instanceof State.Closing(Disconnect why, var left) && left.isEmpty())
            closeNow(why);
    }

    private void remove(ClientSubscription subscription) {
        subscriptionsOrNone().remove(subscription.channel());
        leave(subscription);
    }

    private void leave(ClientSubscription subscription) {
        node.counters().subscribed(-1);
        String channel = subscription.channel();
        node.hub().unsubscribe(subscription.reading, shard.loop().nowNanos());
        node.broker().unfollow(channel);
        if (subscription.presence) node.broker().removePresence(channel, client);
        if (subscription.joinLeave)
            node.broker().publishLeave(channel, subscription.options(), subscription.info);
    }

    @Override
    public void lapped(Subscription reading, long nowNanos) {
        ClientSubscription subscription = subscriptionsOrNone().get(reading.channelName());
        if (subscription == null || subscription.reading != reading) return;
        if (subscription.atEnd != null) { // it was to end anyway
            reachedBarrier(reading, nowNanos);
            return;
        }
        SlowConsumer policy = reading.options().slowConsumer();
        node.counters().lapped(policy);
        switch (policy) {
            case LATEST -> {
                reading.cursor().jumpToLatest();
                delivery.start(reading);
            }
            case SKIP -> {
                long skipped = reading.cursor().skipToTail();
                push(new Push.Message(Notice.skipped(reading.channelName(), skipped)));
                delivery.start(reading);
            }
            case RECOVER -> recoverLapped(subscription, nowNanos);
            case DISCONNECT -> disconnect(Disconnect.SLOW);
        }
    }

    private void recoverLapped(ClientSubscription subscription, long nowNanos) {
        String channel = subscription.channel();
        boolean hasHistory = subscription.options().log().hasHistory();
        if (!hasHistory
                || !laps.computeIfAbsent(channel, _ -> new ClientSubscription.Laps())
                        .forgiven(nowNanos)) {
            disconnect(Disconnect.SLOW);
            return;
        }
        remove(subscription);
        pushUnsubscribe(channel, Unsubscribed.INSUFFICIENT_STATE);
    }

    private void checkPositions(Map<String, ClientSubscription> subscriptions) {
        for (ClientSubscription subscription : List.copyOf(subscriptions.values())) {
            if (!subscription.positioned) continue;
            node.broker()
                    .history(
                            subscription.channel(),
                            subscription.options(),
                            dev.cardea.messaging.broker.Broker.HistoryQuery.TOP)
                    .whenComplete((slice, failure) -> {
                        if (failure != null) return; // asked again next time
                        execute(_ ->
                                checkPosition(
                                        subscription, slice.top().epoch(), slice.top().offset()));
                    });
        }
    }

    private void checkPosition(ClientSubscription subscription, String epoch, long top) {
        if (subscriptionsOrNone().get(subscription.channel()) != subscription
                || subscription.atEnd != null) return;
        boolean lost = Long.compareUnsigned(top, subscription.reading.cursor().offset()) < 0;
        if (epoch.equals(subscription.epoch) && !lost) return;
        remove(subscription);
        pushUnsubscribe(subscription.channel(), Unsubscribed.INSUFFICIENT_STATE);
    }

    // ---- output ----

    void reply(Reply reply) {
        if (state instanceof State.Closed) return;
        if (reply instanceof Reply.Answer answer && answer.id() == 0) return;
        control.add(reply);
        delivery.controlWaits();
        if (control.bytes() > node.options().queueMaxSizeBytes()) disconnect(Disconnect.SLOW);
    }

    void push(Push push) {
        reply(new Reply.Pushed(push));
    }

    void refuse(int id, Refusal refusal) {
        node.counters().error(refusal);
        reply(new Reply.Error(id, refusal.code(), refusal.message(), refusal.isTemporary()));
    }

    /** After a batch of input: its replies leave at once, together. */
    public void flush(long nowNanos) {
        if (!(state instanceof State.Closed)) delivery.flush(nowNanos);
    }

    /** The transport has written all that was pending. */
    public void writable(long nowNanos) {
        delivery.writable(nowNanos);
    }

    @Override
    public boolean hasControl() {
        return !control.isEmpty();
    }

    @Override
    public int writeControl(Outlet outlet, int roomBytes) {
        int written = control.writeTo(outlet, roomBytes, shard.scratch());
        pauseReadsIfNeeded();
        return written;
    }

    @Override
    public void controlSent(long nowNanos) {
        if (!control.isEmpty()) return;
        heartbeat.sent(nowNanos);
        setTimer();
    }

    @Override
    public void stalled(boolean stalled, long nowNanos) {
        takenBytes = outlet.takenBytes();
        writeDeadlineNanos = stalled ? nowNanos + writeTimeoutNanos() : NEVER;
        setTimer();
    }

    private long writeTimeoutNanos() {
        for (ClientSubscription subscription : subscriptionsOrNone().values()) {
            if (subscription.options().slowConsumer() != SlowConsumer.DISCONNECT) {
                return node.options().slowConsumerTimeoutNanos();
            }
        }
        return node.options().writeTimeoutNanos();
    }

    @Override
    public void shedAsSlowest() {
        disconnect(Disconnect.SLOW);
    }

    // ---- time ----

    private final class SessionTimer extends TimerWheel.Timer {
        @Override
        protected void expired(long nowNanos) {
            onTime(nowNanos);
            if (!(state instanceof State.Closed)) setTimer();
        }
    }

    private void onTime(long nowNanos) {
        if (nowNanos >= writeDeadlineNanos) checkProgress(nowNanos);
        switch (state) {
            case State.Fresh(long deadlineNanos) when nowNanos >= deadlineNanos ->
                    disconnect(Disconnect.STALE);
            case State.Open(Map<String, ClientSubscription> subscriptions) ->
                    onTime(subscriptions, nowNanos);
            case State.Fresh _, State.Refused _, State.Closing _, State.Closed _ -> {}
        }
        if (isBusy() && nowNanos - pendingSinceNanos >= PENDING_LIMIT_NANOS)
            disconnect(Disconnect.SERVER_ERROR);
    }

    private void onTime(Map<String, ClientSubscription> subscriptions, long nowNanos) {
        if (heartbeat.pongIsLate(nowNanos)) {
            disconnect(Disconnect.NO_PONG);
            return;
        }
        if (heartbeat.pingDue(nowNanos)) reply(new Reply.Ping());
        if (isOverdue(credentials.expireAtSeconds(), node.options().expiredCloseDelayNanos())) {
            disconnect(Disconnect.EXPIRED);
            return;
        }
        for (ClientSubscription subscription : List.copyOf(subscriptions.values())) {
            if (isOverdue(
                    subscription.expireAtSeconds, node.options().expiredSubCloseDelayNanos())) {
                unsubscribe(subscription.channel(), Unsubscribed.EXPIRED);
            }
        }
        if (nowNanos >= presenceAtNanos) {
            presenceAtNanos = nowNanos + node.options().presenceUpdateIntervalNanos();
            for (ClientSubscription subscription : subscriptions.values()) {
                if (subscription.presence)
                    node.broker().addPresence(subscription.channel(), subscription.info);
            }
        }
        if (nowNanos >= positionCheckAtNanos) {
            positionCheckAtNanos = nowNanos + node.options().channelPositionCheckDelayNanos();
            checkPositions(subscriptions);
        }
    }

    /** Bytes are pending: has the peer taken any since we looked last? */
    private void checkProgress(long nowNanos) {
        if (outlet.takenBytes() == takenBytes) {
            disconnect(Disconnect.WRITE_ERROR);
            return;
        }
        takenBytes = outlet.takenBytes();
        writeDeadlineNanos = nowNanos + writeTimeoutNanos();
    }

    private boolean isOverdue(long expireAtSeconds, long graceNanos) {
        return expireAtSeconds > 0
                && node.unixMillis().getAsLong() >= expireAtSeconds * 1000 + graceNanos / 1_000_000;
    }

    int secondsUntil(long unixSeconds) {
        return Math.clamp(
                unixSeconds - node.unixMillis().getAsLong() / 1000,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE);
    }

    void setTimer() {
        long deadline =
                switch (state) {
                    case State.Fresh(long deadlineNanos) -> deadlineNanos;
                    case State.Open(Map<String, ClientSubscription> subscriptions) ->
                            openDeadline(subscriptions);
                    case State.Refused _, State.Closing _, State.Closed _ -> NEVER;
                };
        deadline = Math.min(deadline, writeDeadlineNanos);
        if (isBusy()) deadline = Math.min(deadline, pendingSinceNanos + PENDING_LIMIT_NANOS);
        if (deadline == NEVER) shard.timers().cancel(timer);
        else if (!timer.isSet() || timer.deadlineNanos() != deadline)
            shard.timers().set(timer, deadline);
    }

    private long openDeadline(Map<String, ClientSubscription> subscriptions) {
        long deadline =
                Math.min(
                        heartbeat.deadlineNanos(), Math.min(presenceAtNanos, positionCheckAtNanos));
        long expires =
                expiryMillis(
                        credentials.expireAtSeconds(), node.options().expiredCloseDelayNanos());
        for (ClientSubscription subscription : subscriptions.values()) {
            expires =
                    Math.min(
                            expires,
                            expiryMillis(
                                    subscription.expireAtSeconds,
                                    node.options().expiredSubCloseDelayNanos()));
        }
        if (expires == NEVER) return deadline;
        long inMillis = Math.max(0, expires - node.unixMillis().getAsLong());
        return Math.min(deadline, shard.loop().nowNanos() + inMillis * 1_000_000);
    }

    private static long expiryMillis(long expireAtSeconds, long graceNanos) {
        return expireAtSeconds <= 0 ? NEVER : expireAtSeconds * 1000 + graceNanos / 1_000_000;
    }

    // ---- the end ----

    /**
     * Ends the connection. What was published or answered before is still written, unless the peer
     * has gone or doesn't read. On the loop.
     */
    public void disconnect(Disconnect why) {
        switch (state) {
            case State.Closed _ -> {}
            case State.Closing _ -> {
                if (why.isAbrupt()) closeNow(why);
            }
            case State.Open(var subscriptions) when !why.isAbrupt() && !subscriptions.isEmpty() -> {
                state = new State.Closing(why, subscriptions);
                subscriptions
                        .values()
                        .forEach(subscription -> delivery.setBarrier(subscription.reading));
            }
            case State.Open _, State.Fresh _, State.Refused _ -> closeNow(why);
        }
    }

    private void closeNow(Disconnect why) {
        if (!why.isAbrupt()) writeRest();
        Collection<ClientSubscription> left = new ArrayList<>(subscriptionsOrNone().values());
        boolean wasOpen = state instanceof State.Open || state instanceof State.Closing;
        state = new State.Closed();
        left.forEach(this::leave);
        if (wasOpen) {
            node.counters().connected(-1);
            node.sessions().remove(this, credentials.user());
        }
        node.counters().disconnected(why);
        shard.timers().cancel(timer);
        waiting.clear();
        control.clear();
        delivery.close();
        if (why.equals(Disconnect.CONNECTION_CLOSED)) outlet.abort();
        else outlet.close(why.code(), why.reason());
    }

    /** Replies that were given before the end, too. */
    private void writeRest() {
        if (control.isEmpty() || !outlet.isWritable()) return;
        control.writeTo(outlet, Integer.MAX_VALUE, shard.scratch());
        outlet.flush();
    }

    /** The transport has ended: nobody is left to be told. */
    public void closed() {
        disconnect(Disconnect.CONNECTION_CLOSED);
    }

    private boolean isClosing() {
        return state instanceof State.Closing || state instanceof State.Closed;
    }

    // ---- for the flows of this package ----

    Node node() {
        return node;
    }

    Delivery delivery() {
        return delivery;
    }

    Encoding encoding() {
        return encoding;
    }

    long nowNanos() {
        return shard.loop().nowNanos();
    }

    Bytes connInfo() {
        return credentials.info();
    }

    boolean isOpen() {
        return state instanceof State.Open;
    }

    boolean isSubscribed(String channel) {
        return subscriptionsOrNone().containsKey(channel);
    }

    @Nullable ClientSubscription subscription(String channel) {
        return subscriptionsOrNone().get(channel);
    }

    int subscriptionCount() {
        return subscriptionsOrNone().size();
    }

    void add(ClientSubscription subscription) {
        subscriptionsOrNone().put(subscription.channel(), subscription);
        node.counters().subscribed(1);
        setTimer();
    }

    private Map<String, ClientSubscription> subscriptionsOrNone() {
        return switch (state) {
            case State.Open(Map<String, ClientSubscription> subscriptions) -> subscriptions;
            case State.Closing(Disconnect _, Map<String, ClientSubscription> subscriptions) ->
                    subscriptions;
            case State.Fresh _, State.Refused _, State.Closed _ -> Map.of();
        };
    }
}
