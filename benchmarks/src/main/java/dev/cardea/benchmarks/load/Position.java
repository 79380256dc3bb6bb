package dev.cardea.benchmarks.load;

/** Where a subscription stands in its stream; an empty epoch means nowhere yet. */
record Position(String epoch, long offset) {
    static final Position NONE = new Position("", 0);
}
