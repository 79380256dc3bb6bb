package dev.cardea.messaging.session;

import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.Command;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's commands, carried out one after the other: while one waits for the broker or the
 * authenticator, or too many replies wait for the peer, those behind it wait as bytes, bounded, and
 * reading pauses. Publications alone don't wait for each other, where the broker keeps their order.
 */
final class Input {
    private static final int PONG_BYTES = 3; // "{}" and a newline

    private final Session session;
    private final Codec codec;
    private final int queueMaxBytes;
    private final WaitingInput waiting = new WaitingInput();

    private final PublishesUnderWay publishes;

    /** What comes after publications, and waits for them; null: nothing. */
    private @Nullable Command next;

    /** A command waits for somebody else. */
    private boolean busy;

    /** Where it counts what the command that is carried out takes; null: none is. */
    private @Nullable Durations underWay;

    private long underWaySinceNanos;

    private boolean readsPaused;

    /** The loop has been asked to go on with what waits. */
    private boolean goesOn;

    Input(Session session, Codec codec) {
        this.session = session;
        this.codec = codec;
        this.queueMaxBytes = session.node().options().queueMaxSizeBytes();
        this.publishes = new PublishesUnderWay(queueMaxBytes / 2);
    }

    void receive(ByteBuffer message, long nowNanos) {
        if (session.isClosing()) return;
        if (!message.hasRemaining()) session.disconnect(Disconnect.BAD_REQUEST);
        else if (!busy && waiting.isEmpty()) begin(message, nowNanos);
        else if (!isPong(message)) waiting.add(message);
        // Reading was paused long before; a transport that can't do so must not fill our memory.
        if (waiting.wholeBytes() > queueMaxBytes) session.disconnect(Disconnect.TOO_MANY_REQUESTS);
        pauseReadsIfNeeded();
    }

    /** A client that waits for a slow answer may still say that it lives. */
    private boolean isPong(ByteBuffer message) {
        if (message.remaining() > PONG_BYTES || !session.isOpen()) return false;
        ByteBuffer look = message.duplicate();
        try {
            if (!(codec.next(look, PONG_BYTES) instanceof Command.Empty(int id))) return false;
            if (id != 0 || codec.next(look, PONG_BYTES) != null) return false;
        } catch (Malformed _) {
            return false; // it is refused when its turn comes
        }
        Dispatch.pong(session);
        return true;
    }

    private void begin(ByteBuffer message, long nowNanos) {
        process(message, nowNanos);
        if (message.hasRemaining() && !session.isClosing()) waiting.keepRest(message);
    }

    /** Leaves what can't be carried out yet in the message. */
    private void process(ByteBuffer message, long nowNanos) {
        while (!busy && !repliesWait() && !session.isClosing()) {
            Command command;
            try {
                command = codec.next(message, session.node().options().maxCommandBytes());
            } catch (Malformed _) {
                session.disconnect(Disconnect.BAD_REQUEST);
                return;
            }
            if (command == null) {
                message.position(message.limit());
                return;
            }
            if (publishes.lets(command)) {
                carryOut(command, nowNanos);
            } else {
                next = command;
                hold();
            }
        }
    }

    private void carryOut(Command command, long nowNanos) {
        underWay = session.node().counters().durations(command);
        if (underWay != null) underWaySinceNanos = session.nowNanos();
        Dispatch.handle(session, command, nowNanos);
        countIfDone();
    }

    private void countIfDone() {
        if (busy || underWay == null) return;
        underWay.add(session.nowNanos() - underWaySinceNanos);
        underWay = null;
    }

    /** The peer is to take some replies before it is given more. */
    private boolean repliesWait() {
        return session.output().controlBytes() > queueMaxBytes / 2;
    }

    <T> void await(CompletionStage<T> stage, Consumer<T> then, Runnable otherwise) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            settle(future, then, otherwise);
            return;
        }
        hold();
        var _ =
                future.whenComplete(
                        (_, _) -> session.execute(_ -> arrived(future, then, otherwise)));
    }

    /**
     * The same for a publication: those behind it don't wait, all other commands do.
     *
     * @param bytes of its data
     */
    <T> void awaitPublish(
            CompletionStage<T> stage, int bytes, Consumer<T> then, Runnable otherwise) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone() && publishes.isEmpty()) {
            settle(future, then, otherwise);
            return;
        }
        Durations durations = underWay;
        long sinceNanos = underWaySinceNanos;
        underWay = null;
        publishes.begin(
                future,
                bytes,
                () -> {
                    if (durations != null) durations.add(session.nowNanos() - sinceNanos);
                    if (session.state() instanceof State.Closed) otherwise.run();
                    else settle(future, then, otherwise);
                });
        session.upkeep().pending(session.nowNanos());
        var _ = future.whenComplete((_, _) -> session.execute(_ -> published()));
    }

    /** What is answered is told, in the order in which it was asked. */
    private void published() {
        if (!publishes.settle() || session.state() instanceof State.Closed) return;
        Command waited = next;
        if (waited != null && publishes.lets(waited)) {
            next = null;
            stopHolding();
            if (!session.isClosing()) carryOut(waited, session.nowNanos());
            goOn();
        } else if (!busy || waited != null) {
            // somebody answers: the others have their time
            if (publishes.isEmpty()) session.upkeep().notPending();
            else session.upkeep().pending(session.nowNanos());
        }
    }

    /** The same, beside the commands: they don't wait. */
    <T> void awaitAside(CompletionStage<T> stage, Consumer<T> then, Runnable otherwise) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            settle(future, then, otherwise);
            return;
        }
        var _ =
                future.whenComplete((_, _) ->
                        session.execute(_ -> {
                            if (session.state() instanceof State.Closed) otherwise.run();
                            else settle(future, then, otherwise);
                        }));
    }

    private <T> void arrived(CompletableFuture<T> future, Consumer<T> then, Runnable otherwise) {
        stopHolding();
        if (session.state() instanceof State.Closed) {
            otherwise.run();
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

    /** No further command is carried out until {@link #release()}. */
    void hold() {
        busy = true;
        session.upkeep().pending(session.nowNanos());
    }

    private void stopHolding() {
        busy = false;
        if (publishes.isEmpty()) session.upkeep().notPending();
    }

    void release() {
        stopHolding();
        goOn();
    }

    private void goOn() {
        countIfDone();
        long nowNanos = session.nowNanos();
        while (!busy && !repliesWait() && !session.isClosing()) {
            ByteBuffer next = waiting.next();
            if (next == null) break;
            process(next, nowNanos);
            if (!next.hasRemaining()) waiting.done();
        }
        pauseReadsIfNeeded();
    }

    /** Replies have been given to the peer. */
    void repliesWritten() {
        pauseReadsIfNeeded();
        if (goesOn || busy || waiting.isEmpty() || repliesWait() || session.isClosing()) return;
        goesOn = true;
        session.execute(_ -> goOnLater()); // not from inside the batch that is being written
    }

    private void goOnLater() {
        goesOn = false;
        goOn();
    }

    void pauseReadsIfNeeded() {
        if (session.state() instanceof State.Closed) return;
        boolean pause = repliesWait() || waiting.bytes() > queueMaxBytes / 2;
        if (pause == readsPaused) return;
        readsPaused = pause;
        session.upkeep().readsPaused(pause, session.nowNanos());
        session.outlet().pauseReads(pause);
    }

    boolean readsPaused() {
        return readsPaused;
    }

    void clear() {
        underWay = null; // one that its connection's end has cut short
        next = null;
        waiting.clear();
    }
}
