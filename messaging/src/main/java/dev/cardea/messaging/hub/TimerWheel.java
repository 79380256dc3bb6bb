package dev.cardea.messaging.hub;

import org.jspecify.annotations.Nullable;

/**
 * All timers of one event loop: ping, pong, expiry and the like, at no more than a list node each.
 * A timer fires in the first {@link #advance} at or after its deadline, at most one tick late.
 */
public final class TimerWheel {
    public static final long TICK_NANOS = 20_000_000;
    private static final int SLOTS = 2048; // 41 s: most timers are set and fire within one round

    /**
     * Behind the slots: what is due and hasn't fired yet, so that it can be set or cancelled too.
     */
    private static final int DUE = SLOTS;

    private final @Nullable Timer[] slots = new Timer[SLOTS + 1];
    private long tick;
    private int count;

    public TimerWheel(long nowNanos) {
        tick = Math.floorDiv(nowNanos, TICK_NANOS);
    }

    /** Something that wants to be woken. Set again as often as one likes. */
    public abstract static class Timer {
        private @Nullable Timer previous;
        private @Nullable Timer next;
        private int slot = -1;
        private long deadlineNanos;

        protected abstract void expired(long nowNanos);

        public boolean isSet() {
            return slot >= 0;
        }

        public long deadlineNanos() {
            return deadlineNanos;
        }
    }

    public void set(Timer timer, long deadlineNanos) {
        cancel(timer);
        timer.deadlineNanos = deadlineNanos;
        // Rounded up, and never into a tick that was looked at already.
        long due = Math.max(tick + 1, Math.floorDiv(deadlineNanos + TICK_NANOS - 1, TICK_NANOS));
        link(timer, (int) Math.floorMod(due, (long) SLOTS));
        count++;
    }

    public void cancel(Timer timer) {
        if (!timer.isSet()) return;
        unlink(timer);
        count--;
    }

    private void unlink(Timer timer) {
        Timer previous = timer.previous;
        Timer next = timer.next;
        if (previous == null) slots[timer.slot] = next;
        else previous.next = next;
        if (next != null) next.previous = previous;
        timer.previous = null;
        timer.next = null;
        timer.slot = -1;
    }

    public int count() {
        return count;
    }

    /**
     * Fires what is due.
     *
     * @throws TimersFailed some of them threw; all others have fired, and time goes on
     */
    public void advance(long nowNanos) {
        TimersFailed failed = null;
        long target = Math.floorDiv(nowNanos, TICK_NANOS);
        long rounds = Math.min(target - tick, SLOTS);
        for (long t = target - rounds + 1; t <= target; t++) {
            tick = t;
            failed = fire((int) Math.floorMod(t, (long) SLOTS), nowNanos, failed);
        }
        if (failed != null) throw failed;
    }

    private @Nullable TimersFailed fire(int slot, long nowNanos, @Nullable TimersFailed before) {
        Timer next;
        for (Timer timer = slots[slot]; timer != null; timer = next) {
            next = timer.next;
            if (timer.deadlineNanos - nowNanos > 0) continue; // of a later round
            unlink(timer);
            link(timer, DUE);
        }
        TimersFailed failed = before;
        for (Timer due = slots[DUE]; due != null; due = slots[DUE]) {
            cancel(due);
            try {
                due.expired(nowNanos);
            } catch (RuntimeException | AssertionError e) {
                if (failed == null) failed = new TimersFailed(e);
                else failed.andAnother(e);
            }
        }
        return failed;
    }

    private void link(Timer timer, int slot) {
        Timer head = slots[slot];
        timer.slot = slot;
        timer.next = head;
        if (head != null) head.previous = timer;
        slots[slot] = timer;
    }
}
