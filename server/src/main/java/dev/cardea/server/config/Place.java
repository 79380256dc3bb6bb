package dev.cardea.server.config;

/**
 * Where a value was written.
 *
 * @param source a file, a variable of the environment or a flag
 * @param line in the file, from 1; 0 if not known
 */
record Place(String source, int line) {
    static final Place DEFAULTS = new Place("the defaults", 0);

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
