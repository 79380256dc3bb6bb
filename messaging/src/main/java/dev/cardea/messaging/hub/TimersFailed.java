package dev.cardea.messaging.hub;

/**
 * Timers threw in one {@link TimerWheel#advance}: for the edge, which has a log. Its cause is the
 * first one's exception; a few of the others' are suppressed exceptions.
 */
public final class TimersFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** As many stack traces are for people to read; thousands of timers may fail for one reason. */
    private static final int TOLD = 8;

    private int count = 1;

    TimersFailed(Throwable first) {
        super(null, first, true, false);
    }

    void andAnother(Throwable thrown) {
        if (++count <= TOLD) addSuppressed(thrown);
    }

    @Override
    public String getMessage() {
        return "timers that threw: " + count;
    }
}
