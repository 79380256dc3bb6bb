package dev.cardea.messaging.mercure;

import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Reading;
import dev.cardea.messaging.log.Cursor.Progress;
import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.log.FrameSink;
import dev.cardea.messaging.log.Runs;
import dev.cardea.wire.mercure.Topic;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's place in the hub's log: everything before it that concerns the subscriber has
 * been given to it. Live delivery, replay, and catching up after a stall are the same move forward.
 * It holds no update. Belongs to one event loop.
 */
final class UpdateReader extends Reading {
    /** So many topics are looked up one by one rather than the log be read from a place on. */
    private static final int FEW_TOPICS = 16;

    private static final int BATCH_UPDATES = 256;

    /** Looked at before others have their turns, though none of them may concern it. */
    private static final int LOOKS = 4096;

    /** Topics that are tried one by one for what they lost; with more, it may be any. */
    private static final int MAX_LOSERS = 10_000;

    /** Among so many updates the first is looked for that concerns it. */
    private static final int MAX_SEARCHED_BATCHES = 64;

    private final UpdateLog log;
    private final LoopUpdates loop;
    private final SelectorSet selectors;
    private final @Nullable Rights rights;

    /** What the subscriber is told where something is missing. */
    private final Frame gap;

    private @Nullable Delivery delivery;
    private long position;

    /** It has looked at much for the little that it was given, and waits until others had turns. */
    private boolean isPaused;

    /** Everything that concerns it up to what the loop has seen was given. */
    private boolean isIdle;

    /** It was told that something was lost up to here. */
    private long saidLostThrough;

    /** It is told so before anything else. */
    private boolean owesGap;

    /**
     * @param rights null: it gets no private updates
     */
    UpdateReader(
            UpdateLog log,
            LoopUpdates loop,
            SelectorSet selectors,
            @Nullable Rights rights,
            Frame gap) {
        this.log = log;
        this.loop = loop;
        this.selectors = selectors;
        this.rights = rights;
        this.gap = gap;
    }

    SelectorSet selectors() {
        return selectors;
    }

    /** Where the subscriber stood can't be told: something may be missing. */
    void knowsNothing() {
        owesGap = true;
    }

    /** From now on it is read by the delivery, from behind {@code position} on. */
    void start(Delivery delivery, long position) {
        this.delivery = delivery;
        this.position = position;
        delivery.read(this);
    }

    /** The loop has seen an update that the selectors match. */
    void concerns(StoredUpdate update) {
        if (delivery == null || isPaused) return;
        if (update.sequence() <= position || !mayRead(update)) return;
        if (isIdle) position = update.sequence() - 1;
        isIdle = false;
        delivery.read(this);
    }

    private boolean mayRead(StoredUpdate update) {
        return !update.isPrivate() || (rights != null && rights.mayRead(update.topics()));
    }

    private boolean wants(StoredUpdate update) {
        return selectors.matchesAny(update.topics()) && mayRead(update);
    }

    /** Something was gone before the loop could tell whom it concerns, from there on. */
    void passedOver(long from) {
        if (delivery == null || isPaused) return;
        if (isIdle) position = Math.max(position, from);
        isIdle = false;
        delivery.read(this);
    }

    @Override
    protected Progress advance(int roomBytes, Runs runs, FrameSink sink) {
        int written = 0;
        if (owesGap) {
            owesGap = false;
            sink.write(gap, 1);
            written = gap.lengthBytes();
        }
        boolean tries = !selectors.patterns().isEmpty();
        long until = tries ? loop.untilNanos() : 0;
        int passed = 0; // one in any case
        for (int looks = 0; position < loop.seen(); looks++) {
            if (written >= roomBytes) return Progress.MORE;
            if (looks >= LOOKS) return pause();
            if (loop.hasAllAfter(position)) {
                if (tries && passed++ > 0 && loop.isOver(until)) return pause();
                written += give(loop.recent(position + 1), sink);
                continue;
            }
            if (sayLost(sink)) written += gap.lengthBytes();
            List<StoredUpdate> batch = batch();
            looks += BATCH_UPDATES;
            for (StoredUpdate update : batch) {
                if (update.sequence() > loop.seen()) break; // for the loop's next turn
                if (written >= roomBytes) return Progress.MORE;
                if (tries && passed++ > 0 && loop.isOver(until)) return pause();
                written += give(update, sink);
            }
            boolean isAll =
                    batch.size() < BATCH_UPDATES || batch.getLast().sequence() > loop.seen();
            if (isAll) position = Math.max(position, loop.seen());
        }
        return Progress.CAUGHT_UP;
    }

    private Progress pause() {
        isPaused = true;
        loop.pause(this);
        return Progress.CAUGHT_UP; // for now
    }

    /** Others had their turns. */
    void resume() {
        isPaused = false;
        if (delivery != null) delivery.read(this);
    }

    private List<StoredUpdate> batch() {
        boolean few =
                !selectors.isEverything()
                        && selectors.patterns().isEmpty()
                        && selectors.topics().size() <= FEW_TOPICS;
        return few
                ? log.after(position, BATCH_UPDATES, selectors.topics())
                : log.after(position, BATCH_UPDATES);
    }

    /** Passes an update: to the subscriber, if it concerns it. Returns the bytes. */
    private int give(StoredUpdate update, FrameSink sink) {
        position = update.sequence();
        if (!wants(update)) return 0;
        sink.write(update.event(), 1);
        return update.event().lengthBytes();
    }

    /** Tells the subscriber, once for each time, that there was more than it will get. */
    private boolean sayLost(FrameSink sink) {
        long lost = lostBehind(Math.max(position, saidLostThrough));
        if (lost == 0) return false;
        saidLostThrough = lost;
        sink.write(gap, 1);
        return true;
    }

    /** The newest sequence of what may have been lost to it behind another; 0: nothing was. */
    long lostBehind(long sequence) {
        long lost = log.lostOf(selectors.topics(), sequence);
        if (!selectors.isEverything() && selectors.patterns().isEmpty()) return lost;
        lost = Math.max(lost, log.forgottenThrough());
        Map<Topic, Long> losers = log.losers(sequence, MAX_LOSERS);
        boolean any = selectors.isEverything() || losers.size() == MAX_LOSERS;
        long until = loop.givenUpNanos();
        for (Map.Entry<Topic, Long> loser : losers.entrySet()) {
            any = any || loop.isOver(until);
            if (any || selectors.matches(loser.getKey())) lost = Math.max(lost, loser.getValue());
        }
        return lost > sequence ? lost : 0;
    }

    /**
     * The identifier of the update right before the first that it will be given behind a sequence,
     * or of the newest if it will be given none.
     *
     * @return null: there is none, or it can't be told in time
     */
    @Nullable String idBeforeFirstBehind(long sequence) {
        long until = loop.givenUpNanos();
        long from = sequence;
        for (int looks = 0; looks < MAX_SEARCHED_BATCHES; looks++) {
            position = from;
            List<StoredUpdate> batch = batch();
            for (StoredUpdate update : batch) {
                if (wants(update)) return log.idBefore(update.sequence());
                if (loop.isOver(until)) return null;
            }
            if (batch.size() < BATCH_UPDATES) return log.newestId();
            from = batch.getLast().sequence();
        }
        return null;
    }

    @Override
    protected void caughtUp(long nowNanos) {
        isIdle = !isPaused;
    }

    /** It goes on with what is left, and says so. */
    @Override
    protected void lapped(long nowNanos) {
        throw new IllegalStateException("a reader of updates isn't lapped");
    }

    @Override
    public long lag() {
        return isIdle ? 0 : Math.max(0, loop.seen() - position);
    }
}
