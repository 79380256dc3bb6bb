package dev.cardea.wire.mercure;

/**
 * A set of characters: a bit for each one of ASCII, and whether all others are in it.
 *
 * @param low 0 to 63
 * @param high 64 to 127
 */
record CharSet(long low, long high, boolean others) {
    static final CharSet NONE = new CharSet(0, 0, false);
    static final CharSet ANY = NONE.not();
    static final CharSet DIGIT = range('0', '9');
    static final CharSet LETTER = range('a', 'z').or(range('A', 'Z'));
    static final CharSet WORD = LETTER.or(DIGIT).or(of("_"));
    static final CharSet HEX = DIGIT.or(range('a', 'f')).or(range('A', 'F'));

    static CharSet of(String chars) {
        CharSet set = NONE;
        for (int i = 0; i < chars.length(); i++)
            set = set.or(range(chars.charAt(i), chars.charAt(i)));
        return set;
    }

    /** A range that ends above ASCII has all that is above ASCII. */
    static CharSet range(int from, int to) {
        long low = 0;
        long high = 0;
        for (int c = from; c <= Math.min(to, 127); c++) {
            if (c < 64) low |= 1L << c;
            else high |= 1L << c;
        }
        return new CharSet(low, high, to > 127);
    }

    CharSet or(CharSet other) {
        return new CharSet(low | other.low, high | other.high, others || other.others);
    }

    CharSet not() {
        return new CharSet(~low, ~high, !others);
    }

    boolean has(char c) {
        if (c < 64) return (low >>> c & 1) != 0;
        return c < 128 ? (high >>> c & 1) != 0 : others;
    }
}
