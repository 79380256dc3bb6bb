package dev.cardea.server.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One JetStream stream: made where it isn't there, and looked at again so often that nobody works
 * long with what another one was that is gone. Thread safe.
 */
final class KeptStream {
    private static final int NAME_IN_USE = 10058;
    private static final int SUBJECTS_OVERLAP = 10065;
    private static final int MAX_LOOKS = 10;
    private static final long BETWEEN_LOOKS_NANOS = 50_000_000;
    static final int NOT_FOUND = 10059;

    /** What is known of it holds for so long. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * What is known of the stream.
     *
     * @param epoch which life of it
     * @param keeps how many messages of each subject
     * @param since sequence up to which messages may have been let go of under other bounds
     */
    record Known(String epoch, long keeps, long since) {}

    private record Waiting(BiConsumer<@Nullable Known, @Nullable Throwable> task) {}

    private final Link link;
    private final Executor blocking;
    private final Supplier<String> newEpoch;
    private final String name;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean isAsking;
    private volatile StreamConfiguration wanted;
    private volatile @Nullable Known known;
    private volatile long knownNanos;

    /**
     * Held while NATS is asked. Nobody else may wait for it: event loops come by, and the thread
     * that brings NATS's answer.
     */
    private final ReentrantLock asking = new ReentrantLock();

    /** What this node has last made it, or seen it be. Under {@link #asking}. */
    private @Nullable StreamConfiguration settled;

    /**
     * @param blocking where NATS may be waited for
     */
    KeptStream(
            Link link, Executor blocking, Supplier<String> newEpoch, StreamConfiguration wanted) {
        this.link = link;
        this.blocking = blocking;
        this.newEpoch = newEpoch;
        this.name = wanted.getName();
        this.wanted = wanted;
    }

    String name() {
        return name;
    }

    /** From now on with these bounds. */
    void want(StreamConfiguration next) {
        if (isAsWanted(wanted, next)) return;
        wanted = next;
        known = null;
    }

    private static boolean isAsWanted(StreamConfiguration is, StreamConfiguration wanted) {
        return is.getMaxMsgsPerSubject() == wanted.getMaxMsgsPerSubject()
                && is.getMaxAge().equals(wanted.getMaxAge());
    }

    /** It may be another by now. */
    void forget() {
        known = null;
    }

    /** The epoch as it was last seen; empty: never. */
    String lastEpoch() {
        Known last = known;
        return last == null ? "" : last.epoch();
    }

    /** Does something with the stream there, now or later; what comes first is done first. */
    void whenThere(BiConsumer<@Nullable Known, @Nullable Throwable> task) {
        Known now;
        synchronized (this) {
            now = known;
            if (now == null || !waiting.isEmpty()) {
                waiting.add(new Waiting(task));
                if (isAsking) return;
                isAsking = true;
                blocking.execute(this::lookForAll);
                return;
            }
        }
        task.accept(now, null);
    }

    private void lookForAll() {
        Known found = null;
        Throwable failure = null;
        try {
            found = look();
        } catch (Exception e) {
            failure = e;
        }
        while (true) {
            Waiting next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    isAsking = false;
                    return;
                }
            }
            next.task().accept(found, failure);
        }
    }

    /** As it is, or was a second ago. Blocks. */
    Known look() throws IOException, JetStreamApiException {
        Known last = known;
        if (last != null && System.nanoTime() - knownNanos < FRESH_NANOS) return last;
        return lookAgain();
    }

    private Known lookAgain() throws IOException, JetStreamApiException {
        asking.lock();
        try {
            Known last = known;
            if (last != null && System.nanoTime() - knownNanos < FRESH_NANOS) return last;
            long asked = System.nanoTime();
            Known now = known(there(link.management()));
            known = now;
            knownNanos = asked;
            return now;
        } finally {
            asking.unlock();
        }
    }

    private StreamInfo there(JetStreamManagement management)
            throws IOException, JetStreamApiException {
        StreamConfiguration now = wanted;
        StreamInfo info;
        try {
            info = management.getStreamInfo(name);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NOT_FOUND) throw e;
            info = add(management, now);
        }
        boolean isSettled = settled != null && isAsWanted(settled, now);
        if (!isSettled && !isAsWanted(info.getConfiguration(), now)) {
            long last = info.getStreamState().getLastSequence();
            info =
                    management.updateStream(
                            StreamConfiguration.builder(info.getConfiguration())
                                    .maxMessagesPerSubject(now.getMaxMsgsPerSubject())
                                    .maxAge(now.getMaxAge())
                                    .duplicateWindow(now.getDuplicateWindow())
                                    .description(Description.of(info).since(last).toString())
                                    .build());
        }
        settled = now; // where nodes want different things, they don't change it in turn
        return info;
    }

    private StreamInfo add(JetStreamManagement management, StreamConfiguration now)
            throws IOException, JetStreamApiException {
        try {
            return management.addStream(
                    StreamConfiguration.builder(now)
                            .description(new Description(newEpoch.get(), 0).toString())
                            .build());
        } catch (JetStreamApiException e) {
            int code = e.getApiErrorCode();
            if (code != NAME_IN_USE && code != SUBJECTS_OVERLAP) throw e;
            return addedMeanwhile(management, e);
        }
    }

    /** By another node, which was first: its subjects are taken a moment before its name is. */
    private StreamInfo addedMeanwhile(JetStreamManagement management, JetStreamApiException refusal)
            throws IOException, JetStreamApiException {
        for (int look = 1; ; look++) {
            try {
                return management.getStreamInfo(name);
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() != NOT_FOUND) throw e;
                if (look == MAX_LOOKS) throw refusal; // they are a stream's of somebody else
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    private static Known known(StreamInfo info) {
        Description description = Description.of(info);
        ZonedDateTime made = info.getCreateTime();
        long micros = made.toEpochSecond() * 1_000_000 + made.getNano() / 1_000;
        return new Known(
                Long.toString(micros, 36) + description.nonce(),
                info.getConfiguration().getMaxMsgsPerSubject(),
                description.since());
    }

    /** Gives it another epoch, unless it has another than that one already. Blocks. */
    Known renew(String epoch) throws IOException, JetStreamApiException {
        asking.lock();
        try {
            StreamInfo info = there(link.management());
            if (known(info).epoch().equals(epoch)) info = update(info, newEpoch.get());
            Known now = known(info);
            known = now;
            knownNanos = System.nanoTime();
            return now;
        } finally {
            asking.unlock();
        }
    }

    private StreamInfo update(StreamInfo info, String nonce)
            throws IOException, JetStreamApiException {
        String description = new Description(nonce, Description.of(info).since()).toString();
        return link.management()
                .updateStream(
                        StreamConfiguration.builder(info.getConfiguration())
                                .description(description)
                                .build());
    }

    /**
     * What nodes note in the stream's description, which is all that NATS keeps for them there.
     *
     * @param since see {@link Known}
     */
    private record Description(String nonce, long since) {
        private static final String BEGINS = "Cardea ";

        static Description of(StreamInfo info) {
            String text = info.getConfiguration().getDescription();
            if (text != null && text.startsWith(BEGINS)) {
                String[] words = text.substring(BEGINS.length()).split(" ", -1);
                if (words.length == 2 && words[1].matches("\\d{1,18}"))
                    return new Description(words[0], Long.parseLong(words[1]));
            }
            return new Description("", 0); // made by somebody else
        }

        Description since(long sequence) {
            return new Description(nonce, sequence);
        }

        @Override
        public String toString() {
            return BEGINS + nonce + " " + since;
        }
    }

    /** The longest that NATS remembers publications' ids, within what a stream may. */
    static Duration duplicateWindow(Duration maxAge) {
        Duration window = Duration.ofMinutes(5);
        return maxAge.compareTo(window) < 0 ? maxAge : window;
    }
}
