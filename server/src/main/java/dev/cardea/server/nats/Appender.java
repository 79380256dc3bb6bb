package dev.cardea.server.nats;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.server.nats.KeptStream.Known;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Publishes: what has history is stored, and told by NATS; the rest is told. Thread safe. */
final class Appender {
    private static final Published NOWHERE = new Published(new StreamPosition(0, ""));
    private static final int WRONG_LAST_SEQUENCE = 10071;

    /** So often another may be first, before a publisher with a version gives up. */
    private static final int TRIES = 50;

    private final Link link;
    private final Blocking blocking;
    private final Subjects subjects;
    private final Streams streams;
    private final NatsStreams logs;

    Appender(Link link, Blocking blocking, Subjects subjects, Streams streams, NatsStreams logs) {
        this.link = link;
        this.blocking = blocking;
        this.subjects = subjects;
        this.streams = streams;
        this.logs = logs;
    }

    CompletionStage<Published> append(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        boolean isPatched = how.delta() || options.bandwidth().deltaPublish();
        if (!options.log().hasHistory())
            return tell(channel, isPatched, publication, how).thenApply(_ -> NOWHERE);
        if (how.skipHistory())
            return tell(channel, isPatched, publication, how)
                    .thenCompose(_ -> logs.read(channel, options, 0, 0))
                    .thenApply(piece -> new Published(piece.top().position()));
        if (how.version() != 0)
            return blocking.ask(() -> appendVersion(channel, options, publication, how, isPatched));
        byte[] message = Messages.stored(nonce(), isPatched, 0, "", publication);
        return store(channel, options, message, how);
    }

    /** Never 0, which stands for none. */
    private static long nonce() {
        return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    }

    // ---- live only ----

    private CompletionStage<?> tell(
            String channel, boolean isPatched, Publication publication, PublishOptions how) {
        byte[] message = Messages.passing(isPatched, publication);
        if (how.idempotencyKey().isEmpty()) return link.tell(subjects.live(channel), message);
        KeptStream once = streams.once();
        return whenThere(once)
                .thenCompose(_ -> link.ask(subjects.once(), id(channel, how), new byte[0]))
                .thenCompose(answer ->
                        ack(answer).isDuplicate()
                                ? CompletableFuture.completedFuture(null)
                                : link.tell(subjects.live(channel), message));
    }

    private static Headers id(String channel, PublishOptions how) {
        return new Headers().put("Nats-Msg-Id", Subjects.messageId(channel, how.idempotencyKey()));
    }

    private static CompletableFuture<Known> whenThere(KeptStream stream) {
        CompletableFuture<Known> there = new CompletableFuture<>();
        stream.whenThere((known, failure) -> settle(there, known, failure));
        return there;
    }

    private static <T> void settle(
            CompletableFuture<T> stage, @Nullable T value, @Nullable Throwable failure) {
        if (value != null) stage.complete(value);
        else stage.completeExceptionally(failure == null ? new Unreachable("") : failure);
    }

    // ---- stored ----

    private CompletionStage<Published> store(
            String channel, ChannelOptions options, byte[] message, PublishOptions how) {
        KeptStream stream = streams.log(options);
        Headers headers = how.idempotencyKey().isEmpty() ? null : id(channel, how);
        String subject = subjects.log(options.namespace(), channel);
        CompletableFuture<Published> published = new CompletableFuture<>();
        store(stream, subject, headers, message, published, true);
        return published;
    }

    private void store(
            KeptStream stream,
            String subject,
            @Nullable Headers headers,
            byte[] message,
            CompletableFuture<Published> published,
            boolean mayTryAgain) {
        stream.whenThere((known, unknown) -> {
            if (known == null) {
                settle(published, null, unknown);
                return;
            }
            var _ =
                    link.ask(subject, headers, message)
                            .thenApply(answer -> position(ack(answer), known))
                            .whenComplete((position, failure) -> {
                                if (failure != null && mayTryAgain && Link.isNobody(failure)) {
                                    stream.forget(); // nobody stores what comes there
                                    store(stream, subject, headers, message, published, false);
                                } else {
                                    settle(published, position, failure);
                                }
                            });
        });
    }

    private static Published position(PublishAck stored, Known known) {
        return new Published(new StreamPosition(stored.getSeqno(), known.epoch()));
    }

    private static PublishAck ack(Message answer) {
        try {
            return new PublishAck(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JetStreamApiException e) {
            throw new CompletionException(e);
        }
    }

    // ---- with a version ----

    private Published appendVersion(
            String channel,
            ChannelOptions options,
            Publication publication,
            PublishOptions how,
            boolean isPatched)
            throws Exception {
        for (int tries = 1; ; tries++) {
            LogReader reader = logs.reader(channel, options);
            Kept newest = reader.newest();
            long last = newest == null ? 0 : newest.offset();
            Version now = newest == null ? Version.NONE : version(reader, newest);
            if (!now.isOlderThan(how))
                return new Published(new StreamPosition(last, reader.known().epoch()));
            Headers headers = how.idempotencyKey().isEmpty() ? new Headers() : id(channel, how);
            headers.put("Nats-Expected-Last-Subject-Sequence", Long.toString(last));
            String epoch = how.versionEpoch().isEmpty() ? now.epoch() : how.versionEpoch();
            byte[] message = Messages.stored(nonce(), isPatched, how.version(), epoch, publication);
            try {
                Message answer = link.ask(reader.subject(), headers, message).join();
                return position(new PublishAck(answer), reader.known());
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() != WRONG_LAST_SEQUENCE || tries == TRIES) throw e;
            }
        }
    }

    /** The newest that the channel's history knows. */
    private static Version version(LogReader reader, Kept newest) throws Exception {
        if (newest.stored().version() != 0) return Version.of(newest);
        LogReader.After run =
                reader.read(
                        0,
                        Integer.MAX_VALUE,
                        () ->
                                new LogReader.After(
                                        reader,
                                        0,
                                        0,
                                        newest.offset(),
                                        Long.MIN_VALUE,
                                        Integer.MAX_VALUE));
        Version version = Version.NONE;
        for (Kept kept : run.all) if (kept.stored().version() != 0) version = Version.of(kept);
        return version;
    }

    /** What a publication says of its data's age. */
    private record Version(long number, String epoch) {
        static final Version NONE = new Version(0, "");

        static Version of(Kept kept) {
            return new Version(kept.stored().version(), kept.stored().versionEpoch());
        }

        boolean isOlderThan(PublishOptions next) {
            boolean isComparable =
                    next.versionEpoch().isEmpty() || next.versionEpoch().equals(epoch);
            return !isComparable || Long.compareUnsigned(next.version(), number) > 0;
        }
    }
}
