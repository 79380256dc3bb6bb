package dev.cardea.server.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Reads a stream's messages in their order, through a consumer that lives as long as the scan. NATS
 * before 2.11 has no way to ask for several in one question. Blocks.
 */
final class Scan {
    private static final int AT_ONCE = 256;
    private static final Duration FORGOTTEN = Duration.ofSeconds(10);

    private final Link link;

    Scan(Link link) {
        this.link = link;
    }

    /** Takes what is read. */
    interface Taker {
        /**
         * @param sequence in the stream
         * @param unixMillis when it was stored, by NATS's clock
         * @param behind how many follow, as far as the scan goes
         * @return whether it wants the next
         */
        boolean take(long sequence, long unixMillis, long behind, Message message);
    }

    /**
     * @param subject may have wildcards
     * @param from the first sequence that is wanted
     * @param limit how many are wanted about
     */
    void read(String stream, String subject, long from, int limit, Taker taker)
            throws IOException, JetStreamApiException, InterruptedException {
        Connection connection = link.connection();
        String inbox = connection.createInbox();
        String consumer = "scan" + inbox.substring(inbox.lastIndexOf('.') + 1);
        Subscription subscription = connection.subscribe(inbox);
        subscription.setPendingLimits(-1, -1);
        try {
            var _ =
                    link.management()
                            .createConsumer(
                                    stream,
                                    ConsumerConfiguration.builder()
                                            .name(consumer)
                                            .filterSubject(subject)
                                            .deliverPolicy(DeliverPolicy.ByStartSequence)
                                            .startSequence(Math.max(1, from))
                                            .ackPolicy(AckPolicy.None)
                                            .inactiveThreshold(FORGOTTEN)
                                            .memStorage(true)
                                            .numReplicas(1)
                                            .build());
            take(connection, subscription, stream + "." + consumer, limit, taker);
        } finally {
            subscription.unsubscribe();
            connection.publish("$JS.API.CONSUMER.DELETE." + stream + "." + consumer, new byte[0]);
        }
    }

    private static void take(
            Connection connection,
            Subscription subscription,
            String consumer,
            int limit,
            Taker taker)
            throws InterruptedException {
        int batch = Math.clamp(limit, 1, AT_ONCE);
        byte[] next =
                "{\"batch\":%d,\"no_wait\":true}".formatted(batch).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; ; i++) {
            if (i % batch == 0)
                connection.publish(
                        "$JS.API.CONSUMER.MSG.NEXT." + consumer, subscription.getSubject(), next);
            Message message = subscription.nextMessage(Link.ANSWERS);
            if (message == null) throw new Unreachable("NATS stopped answering");
            if (message.isStatusMessage()) return; // there is nothing more
            NatsJetStreamMetaData about = message.metaData();
            boolean goesOn =
                    taker.take(
                            about.streamSequence(),
                            about.timestamp().toInstant().toEpochMilli(),
                            about.pendingCount(),
                            message);
            if (!goesOn || about.pendingCount() == 0) return;
        }
    }
}
