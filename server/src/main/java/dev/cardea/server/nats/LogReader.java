package dev.cardea.server.nats;

import dev.cardea.server.nats.KeptStream.Known;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is stored of one channel, at one moment. Blocks.
 *
 * <p>A stream keeps one publication more of each channel than its history has: who stands at that
 * one is known to have missed no others. And it keeps the newest for {@code history_meta_ttl}, so
 * that a channel's position outlives its history; what is older than {@code history_ttl} is passed
 * over here.
 *
 * @param subject where the channel is stored
 * @param cutSubject where it is stored what was removed
 */
record LogReader(Link link, KeptStream stream, Known known, String subject, String cutSubject) {
    private static final int MAX_READ_BYTES = 16 * 1024 * 1024;

    /** A copy of the stream in a cluster may be behind the one that said what is newest. */
    private static final int TRIES = 5;

    private static final long NEXT_TRY_MILLIS = 20;

    /** Null: nothing was ever stored. */
    @Nullable Kept newest() throws IOException, JetStreamApiException {
        MessageInfo last = last(subject);
        return last == null
                ? null
                : new Kept(
                        last.getSeq(),
                        last.getTime().toInstant().toEpochMilli(),
                        Messages.parseStored(data(last)));
    }

    private static byte[] data(MessageInfo message) {
        byte[] data = message.getData();
        return data == null ? new byte[0] : data;
    }

    private @Nullable MessageInfo last(String of) throws IOException, JetStreamApiException {
        try {
            return link.management().getLastMessage(stream.name(), of);
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == 404 && e.getApiErrorCode() != KeptStream.NOT_FOUND) return null;
            throw e;
        }
    }

    /** Offset up to which everything was removed; 0: nothing was. */
    long cut() throws IOException, JetStreamApiException {
        MessageInfo last = last(cutSubject);
        return last == null ? 0 : last.getSeq();
    }

    /** Publications in a row. */
    abstract static class Run implements Scan.Taker {
        private final LogReader of;
        private final long after;
        private final long cut;
        private final long top;
        private boolean hasBegun;

        /** Whether nothing was ever let go of before the first. */
        boolean isWhole;

        /** There is one more than history has. */
        boolean hasExtra;

        boolean isEnded;

        Run(LogReader of, long after, long cut, long top) {
            this.of = of;
            this.after = after;
            this.cut = cut;
            this.top = top;
        }

        @Override
        public final boolean take(long sequence, long unixMillis, long behind, Message message) {
            if (!hasBegun) {
                long there = behind + 1;
                hasExtra = there >= of.known.keeps();
                isWhole = after == 0 && cut == 0 && !hasExtra && sequence > of.known.since();
            }
            boolean isExtra = !hasBegun && hasExtra;
            hasBegun = true;
            Kept kept = new Kept(sequence, unixMillis, Messages.parseStored(message.getData()));
            boolean goesOn = take(kept, isExtra || sequence <= cut);
            isEnded = !goesOn || sequence >= top;
            return !isEnded;
        }

        /**
         * @param isHidden it isn't of the history
         * @return whether it wants the next
         */
        abstract boolean take(Kept kept, boolean isHidden);
    }

    /** What is newer than some offset. */
    static final class After extends Run {
        final List<Kept> all = new ArrayList<>();
        private final long after;
        private final long oldestMillis;
        private final int limit;
        private long bytes;

        /** Offset of what stands before the first. */
        long previous;

        /** Its nonce; 0: not known. */
        long previousNonce;

        private boolean isAnywhere;

        After(LogReader of, long after, long cut, long top, long oldestMillis, int limit) {
            super(of, after, cut, top);
            this.after = after;
            this.oldestMillis = oldestMillis;
            this.limit = limit;
        }

        @Override
        boolean take(Kept kept, boolean isHidden) {
            if (!isAnywhere) previous = isWhole ? 0 : kept.offset() - 1;
            isAnywhere = true;
            boolean isSeen =
                    !isHidden && kept.offset() != after && kept.unixMillis() >= oldestMillis;
            if (isSeen) {
                all.add(kept);
                bytes += bytes(kept);
            } else if (all.isEmpty()) {
                previous = kept.offset();
                previousNonce = kept.stored().nonce();
            }
            return all.size() < limit && bytes < MAX_READ_BYTES;
        }
    }

    /** The newest before some offset, newest first. */
    static final class Before extends Run {
        final ArrayDeque<Kept> all = new ArrayDeque<>();
        private final long before;
        private final long oldestMillis;
        private final int limit;
        private long bytes;

        /**
         * @param before 0: all
         */
        Before(LogReader of, long before, long cut, long top, long oldestMillis, int limit) {
            super(of, 0, cut, top);
            this.before = before;
            this.oldestMillis = oldestMillis;
            this.limit = limit;
        }

        @Override
        boolean take(Kept kept, boolean isHidden) {
            if (before != 0 && Long.compareUnsigned(kept.offset(), before) >= 0) return false;
            if (isHidden || kept.unixMillis() < oldestMillis) return true;
            all.addFirst(kept);
            bytes += bytes(kept);
            while (all.size() > limit || (bytes > MAX_READ_BYTES && all.size() > 1))
                bytes -= bytes(all.removeLast());
            return true;
        }
    }

    private static int bytes(Kept kept) {
        return kept.stored().publication().data().length();
    }

    /**
     * Reads on until the run has enough, or the newest.
     *
     * @param from the offset to begin with
     */
    <R extends Run> R read(long from, int limit, Supplier<R> newRun)
            throws IOException, JetStreamApiException, InterruptedException {
        for (int tries = 1; ; tries++) {
            R run = newRun.get();
            new Scan(link).read(stream.name(), subject, from, limit, run);
            if (run.isEnded) return run;
            if (tries == TRIES) throw new Unreachable("a copy of the stream lags behind");
            Thread.sleep(NEXT_TRY_MILLIS);
        }
    }
}
