package dev.cardea.wire.fossil;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;

/** Applies patches, as clients do. */
public final class FossilPatch {
    private final Bytes base;
    private final Bytes patch;
    private final byte[] made;
    private int at;
    private int length;

    private FossilPatch(Bytes base, Bytes patch, int maxBytes) {
        this.base = base;
        this.patch = patch;
        int size = number();
        if (size < 0 || size > maxBytes) throw new Malformed("patch makes too much");
        if (next() != '\n') throw new Malformed("patch without its size");
        this.made = new byte[size];
    }

    /**
     * The target that the patch was made for.
     *
     * @param maxBytes of the target; a patch that says more is refused before anything is allocated
     * @throws Malformed it is no patch, or one of another base
     */
    public static Bytes apply(Bytes base, Bytes patch, int maxBytes) {
        return new FossilPatch(base, patch, maxBytes).apply();
    }

    private Bytes apply() {
        while (true) {
            int number = number();
            switch (next()) {
                case '@' -> copy(number);
                case ':' -> insert(number);
                case ';' -> {
                    end(number);
                    return Bytes.wrap(made);
                }
                default -> throw new Malformed("unknown command in a patch");
            }
        }
    }

    private void copy(int count) {
        int from = number();
        if (next() != ',') throw new Malformed("copy does not end");
        append(base, from, count);
    }

    private void insert(int count) {
        append(patch, at, count);
        at += count;
    }

    private void append(Bytes source, int from, int count) {
        if (count < 0 || count > made.length - length)
            throw new Malformed("makes more than it says");
        if (from < 0 || count > source.length() - from)
            throw new Malformed("takes what isn't there");
        for (int i = 0; i < count; i++) made[length++] = source.at(from + i);
    }

    private void end(int checksum) {
        if (length != made.length) throw new Malformed("makes less than it says");
        if (checksum != Digits.checksum(made, length)) throw new Malformed("patch of another base");
        if (at != patch.length()) throw new Malformed("something follows the patch");
    }

    private int number() {
        long number = 0;
        int start = at;
        for (; at < patch.length(); at++) {
            int digit = Digits.value(patch.at(at));
            if (digit < 0) break;
            number = number << 6 | digit;
            if (number >>> 32 != 0) throw new Malformed("number above 32 bits");
        }
        if (at == start) throw new Malformed("number expected");
        return (int) number;
    }

    private int next() {
        if (at == patch.length()) throw new Malformed("patch does not end");
        return patch.at(at++);
    }
}
