package dev.cardea.server.acme;

import java.time.Duration;
import java.time.Instant;

/**
 * When an authority is asked again after it couldn't be reached, or has refused: each time after
 * twice as long. Outlives the server, so that one that is started again and again doesn't ask again
 * and again: Let's Encrypt locks a name out after five failures in an hour. Time and chance are
 * arguments.
 *
 * @param failures in a row
 * @param at not before
 * @param isFirm the authority itself has said when
 */
record Retry(int failures, Instant at, boolean isFirm) {
    static final Retry NONE = new Retry(0, Instant.MIN, false);

    /** Not even asked: the network may be back soon. */
    private static final Duration FIRST_UNREACHABLE = Duration.ofSeconds(30);

    private static final Duration LAST_UNREACHABLE = Duration.ofHours(1);
    private static final Duration FIRST_REFUSED = Duration.ofMinutes(10);
    private static final Duration LAST_REFUSED = Duration.ofHours(12);

    /** What an authority may ask for at most: its certificate may not be the last word. */
    private static final Duration LONGEST = Duration.ofDays(8);

    /**
     * @param chance from 0 to 1: many servers that failed together don't come back together
     */
    Retry failed(AcmeFailure failure, Instant now, double chance) {
        Duration first = failure.isUnreachable() ? FIRST_UNREACHABLE : FIRST_REFUSED;
        Duration last = failure.isUnreachable() ? LAST_UNREACHABLE : LAST_REFUSED;
        Duration pause = first.multipliedBy(1L << Math.min(failures, 12));
        if (pause.compareTo(last) > 0) pause = last;
        Instant next = now.plus(pause).plusMillis((long) (pause.toMillis() * chance / 4));
        Instant said = failure.retryAfter();
        boolean isFirm = false;
        if (said != null && said.isAfter(next)) {
            next = said;
            isFirm = true;
        }
        Instant latest = now.plus(LONGEST);
        return new Retry(failures + 1, next.isAfter(latest) ? latest : next, isFirm);
    }
}
