package dev.cardea.benchmarks.stress;

import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.log.LogOptions;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Logs without history, with one reader, whose publications tell their sequence; and what a reader
 * found there.
 */
final class Logs {
    /** Nothing was appended yet. */
    static final int EMPTY = 0;

    /** The entry with the very sequence that was asked for, whole. */
    static final int RIGHT = 1;

    /** The window has moved past it. */
    static final int LAPPED = 2;

    /** The entry of another sequence. */
    static final int ANOTHER = 3;

    /** Not what was appended at that sequence. */
    static final int HALF_BUILT = 4;

    /** An encoding that writes three bytes. */
    static final Encoding ENCODING = new ThreeBytes(0);

    private static final Bytes[] DATA = new Bytes[64];

    static {
        for (int i = 0; i < DATA.length; i++) DATA[i] = Bytes.wrap(new byte[] {(byte) i});
    }

    private record ThreeBytes(int index) implements Encoding {
        @Override
        public Frame encode(String channel, Entry entry) {
            return new Frame(new byte[] {1, 2, 3});
        }
    }

    private Logs() {}

    /** A log that holds {@code filled} publications, as many of them as its window lets it keep. */
    static ChannelLog of(int windowSize, int filled, MemoryBudget budget) {
        LogOptions options = new LogOptions(0, 0, windowSize, Long.MAX_VALUE);
        ChannelLog log = new ChannelLog("channel", options, budget, "epoch", 0);
        log.addReader();
        for (int i = 1; i <= filled; i++) append(log, i);
        return log;
    }

    static ChannelLog of(int windowSize, int filled) {
        return of(windowSize, filled, new MemoryBudget(Long.MAX_VALUE));
    }

    static void append(ChannelLog log, int sequence) {
        log.append(Publication.of(DATA[sequence]), false, 0, "", sequence);
    }

    static int read(ChannelLog log, long sequence) {
        return sequence == 0 ? EMPTY : judge(log.read(sequence), sequence);
    }

    private static int judge(@Nullable Entry entry, long sequence) {
        if (entry == null) return LAPPED;
        if (entry.sequence() != sequence) return ANOTHER;
        Publication publication = entry.publication();
        return publication != null && publication.data().at(0) == sequence ? RIGHT : HALF_BUILT;
    }

    static boolean isWhole(@Nullable Frame frame) {
        return frame != null && Arrays.equals(frame.bytes(), new byte[] {1, 2, 3});
    }
}
