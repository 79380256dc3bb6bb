package dev.cardea.server.dev;

import java.util.SplittableRandom;

/** A price that goes up and down, and stays between half and twice what it was at first. */
final class RandomWalk {
    private final SplittableRandom random;
    private final long firstCents;
    private long cents;

    RandomWalk(SplittableRandom random, long firstCents) {
        this.random = random;
        this.firstCents = firstCents;
        this.cents = firstCents;
    }

    long nextCents() {
        long step = Math.max(1, firstCents / 500);
        cents += random.nextLong(-step, step + 1);
        cents = Math.clamp(cents, firstCents / 2, firstCents * 2);
        return cents;
    }
}
