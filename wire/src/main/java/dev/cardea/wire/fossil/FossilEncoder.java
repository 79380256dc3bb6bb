package dev.cardea.wire.fossil;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes patches. It keeps its tables from one patch to the next, so that none are allocated; not
 * thread safe.
 *
 * <p>What both ends of base and target have in common is copied; in between, blocks of the base are
 * found again by their hash. Time is linear in base and target whatever they hold: a place looks at
 * a bounded number of blocks, and what is compared at length is then copied.
 *
 * <p>A patch of UTF-8 text is UTF-8 text: the format counts bytes, but no insertion begins or ends
 * inside a character of the target. So it can travel as a JSON string.
 */
public final class FossilEncoder {
    private static final int BLOCK = 16;

    /** Blocks that are looked at for one place, when many are alike. */
    private static final int MAX_CANDIDATES = 16;

    /** A longer match is taken without looking for a still longer one. */
    private static final int LONG_MATCH = 512;

    /** A shorter target has no shorter patch: size, one command and checksum need as much. */
    private static final int SMALLEST_TARGET = 12;

    /** What a command in the middle costs beside its own bytes: the insertion it splits in two. */
    private static final int SPLIT_BYTES = 3;

    private static final int KEPT_BYTES = 256 * 1024;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] base = {};
    private int baseLength;
    private byte[] target = {};
    private int targetLength;

    /** By hash: the first block with it, counted from 1; 0: none. A power of two long. */
    private int[] firstBlock = {};

    /** By block, counted from 1: the next one with the same hash. */
    private int[] nextBlock = {};

    private int hashShift;

    // The best match for the place at hand, in the target and in the base.
    private int matchFrom;
    private int matchTo;
    private int matchBase;

    /**
     * A patch that makes the target out of the base; null if there is none that is shorter than the
     * target.
     */
    public @Nullable Bytes patch(Bytes base, Bytes target) {
        ByteWriter out = new ByteWriter(64 + target.length() / 8);
        return patch(base, target, out) ? out.toBytes() : null;
    }

    /** Writes the patch, or nothing and returns false if it isn't shorter than the target. */
    public boolean patch(Bytes base, Bytes target, ByteWriter out) {
        if (base.isEmpty() || target.length() < SMALLEST_TARGET) return false;
        load(base, target);
        int from = out.length();
        boolean shorter = write(out, from);
        if (!shorter) out.truncate(from);
        release();
        return shorter;
    }

    private void load(Bytes base, Bytes target) {
        baseLength = base.length();
        targetLength = target.length();
        if (this.base.length < baseLength) this.base = new byte[roomFor(baseLength)];
        if (this.target.length < targetLength) this.target = new byte[roomFor(targetLength)];
        base.copyTo(this.base, 0);
        target.copyTo(this.target, 0);
    }

    private static int roomFor(int length) {
        return length <= KEPT_BYTES ? Integer.highestOneBit(length - 1 | 255) << 1 : length;
    }

    /** What one large payload needed isn't kept for good. */
    private void release() {
        if (base.length > KEPT_BYTES) base = new byte[0];
        if (target.length > KEPT_BYTES) target = new byte[0];
        if (nextBlock.length > KEPT_BYTES / BLOCK + 1) {
            firstBlock = new int[0];
            nextBlock = new int[0];
        }
    }

    private boolean write(ByteWriter out, int from) {
        Digits.write(targetLength, out);
        out.put('\n');
        int prefix = commonPrefix();
        int suffix = commonSuffix(targetLength - prefix);
        if (prefix > 0) copy(0, prefix, out);
        int end = targetLength - suffix;
        if (!writeMiddle(prefix, end, from, out)) return false;
        if (suffix > 0) copy(baseLength - suffix, suffix, out);
        Digits.write(Digits.checksum(target, targetLength), out);
        out.put(';');
        return out.length() - from < targetLength;
    }

    private int commonPrefix() {
        int shorter = Math.min(baseLength, targetLength);
        int mismatch = Arrays.mismatch(base, 0, shorter, target, 0, shorter);
        int length = alignedDown(mismatch < 0 ? shorter : mismatch, 0);
        return isWorthwhile(0, length, 0) ? length : 0;
    }

    private int commonSuffix(int room) {
        int longest = Math.min(baseLength, room);
        int length = 0;
        while (length <= longest - Long.BYTES
                && at(base, baseLength - length - Long.BYTES)
                        == at(target, targetLength - length - Long.BYTES)) length += Long.BYTES;
        while (length < longest
                && base[baseLength - length - 1] == target[targetLength - length - 1]) length++;
        length = targetLength - alignedUp(targetLength - length, targetLength);
        return isWorthwhile(baseLength - length, length, 0) ? length : 0;
    }

    /** Between what both ends have in common. */
    private boolean writeMiddle(int start, int end, int from, ByteWriter out) {
        int written = start; // up to here, commands make the target
        int shift = 0; // from the target to the base, behind the last copy
        if (end - start >= BLOCK && baseLength >= BLOCK) index();
        else start = end;
        for (int at = start; at <= end - BLOCK; ) {
            if (!findMatch(at, written, end, shift)) {
                at++;
                continue;
            }
            if (matchFrom > written) insert(written, matchFrom, out);
            copy(matchBase, matchTo - matchFrom, out);
            written = matchTo;
            at = matchTo;
            shift = matchBase - matchFrom;
            if (out.length() - from >= targetLength) return false;
        }
        if (end > written) insert(written, end, out);
        return true;
    }

    private void index() {
        int blocks = baseLength / BLOCK;
        int slots = Math.max(16, Integer.highestOneBit(blocks) * 2);
        hashShift = Long.SIZE - Integer.numberOfTrailingZeros(slots);
        if (firstBlock.length < slots) firstBlock = new int[slots];
        else Arrays.fill(firstBlock, 0, slots, 0);
        if (nextBlock.length <= blocks) nextBlock = new int[blocks + 1];
        for (int block = blocks; block > 0; block--) { // so that the first of equals is found first
            int hash = hash(base, (block - 1) * BLOCK);
            nextBlock[block] = firstBlock[hash];
            firstBlock[hash] = block;
        }
    }

    /** Both halves are read at once: quicker than to roll a hash on, byte by byte. */
    private int hash(byte[] bytes, int from) {
        long mixed =
                at(bytes, from) * 0x9E37_79B9_7F4A_7C15L
                        + at(bytes, from + Long.BYTES) * 0xC2B2_AE3D_27D4_EB4FL;
        return (int) ((mixed * 0x1656_67B1_9E37_79F9L) >>> hashShift);
    }

    /** Whether a copy around this place saves bytes. */
    private boolean findMatch(int at, int written, int end, int shift) {
        matchFrom = at;
        matchTo = at;
        int lockstep = at + shift; // where a change of the same length leaves both
        if (lockstep >= 0
                && lockstep <= baseLength - Long.BYTES
                && at(base, lockstep) == at(target, at)) consider(lockstep, at, written, end);
        int block = firstBlock[hash(target, at)];
        for (int i = 0; block != 0 && i < MAX_CANDIDATES; i++) {
            if (matchTo - matchFrom >= LONG_MATCH) break;
            int from = (block - 1) * BLOCK;
            if (at(base, from) == at(target, at)) consider(from, at, written, end);
            block = nextBlock[block];
        }
        return isWorthwhile(matchBase, matchTo - matchFrom, SPLIT_BYTES);
    }

    /** Takes the match of these two places if it is the longest so far. */
    private void consider(int inBase, int inTarget, int written, int end) {
        int longest = Math.min(baseLength - inBase, end - inTarget);
        int mismatch =
                Arrays.mismatch(
                        base, inBase, inBase + longest, target, inTarget, inTarget + longest);
        int to = inTarget + (mismatch < 0 ? longest : mismatch);
        int from = inTarget;
        int lowest = Math.max(written, inTarget - inBase);
        while (from > lowest && base[inBase - inTarget + from - 1] == target[from - 1]) from--;
        from = alignedUp(from, to);
        to = alignedDown(to, from);
        if (to - from <= matchTo - matchFrom) return;
        matchFrom = from;
        matchTo = to;
        matchBase = inBase - inTarget + from;
    }

    private static boolean isWorthwhile(int inBase, int length, int besides) {
        return length > Digits.count(length) + Digits.count(inBase) + 2 + besides;
    }

    // In valid UTF-8 a character has no more than three continuation bytes (RFC 3629 section 3). In
    // other targets nothing depends on where a copy ends.

    private int alignedUp(int at, int to) {
        int aligned = at;
        while (aligned < to && aligned - at < 3 && isInsideCharacter(aligned)) aligned++;
        return aligned;
    }

    private int alignedDown(int at, int from) {
        int aligned = at;
        while (aligned > from && at - aligned < 3 && isInsideCharacter(aligned)) aligned--;
        return aligned;
    }

    private boolean isInsideCharacter(int at) {
        return at < targetLength && (target[at] & 0xC0) == 0x80;
    }

    private static void copy(int fromBase, int length, ByteWriter out) {
        Digits.write(length, out);
        out.put('@');
        Digits.write(fromBase, out);
        out.put(',');
    }

    private void insert(int from, int to, ByteWriter out) {
        Digits.write(to - from, out);
        out.put(':').put(target, from, to - from);
    }

    private static long at(byte[] bytes, int index) {
        return (long) LONGS.get(bytes, index);
    }
}
