package dev.cardea.server.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What NATS takes for the time: ages of publications are judged by it, so that servers need no
 * clock in common. Asked for once a minute, by storing something. Thread safe.
 */
final class ServerClock {
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Link link;
    private final KeptStream stream;
    private final String subject;

    /** Against this process's monotonic time; both guarded by this. */
    private long aheadMillis;

    private long askedNanos = System.nanoTime() - FRESH_NANOS;

    /**
     * @param subject of this node alone, in that stream
     */
    ServerClock(Link link, KeptStream stream, String subject) {
        this.link = link;
        this.stream = stream;
        this.subject = subject;
    }

    /** Blocks now and then. */
    synchronized long unixMillis() throws IOException, JetStreamApiException {
        if (System.nanoTime() - askedNanos >= FRESH_NANOS) ask();
        return monotonicMillis() + aheadMillis;
    }

    private void ask() throws IOException, JetStreamApiException {
        var _ = stream.look();
        long before = monotonicMillis();
        PublishAck stored = new PublishAck(link.ask(subject, null, new byte[0]).join());
        long after = monotonicMillis();
        MessageInfo message = link.management().getMessage(stream.name(), stored.getSeqno());
        long unixMillis = message.getTime().toInstant().toEpochMilli();
        aheadMillis = unixMillis - (before + after) / 2;
        askedNanos = System.nanoTime();
    }

    private static long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
