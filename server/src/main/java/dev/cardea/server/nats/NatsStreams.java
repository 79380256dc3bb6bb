package dev.cardea.server.nats;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.broker.Origin;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.server.nats.KeptStream.Known;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PurgeOptions;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The streams in JetStream: read, and heard of. An offset is the sequence in the namespace's. */
final class NatsStreams implements Origin {
    private static final StreamPosition NOWHERE = new StreamPosition(0, "");
    private static final int EXTRA = 2;

    private final Link link;
    private final Blocking blocking;
    private final Subjects subjects;
    private final Streams streams;
    private final Listening listening;

    NatsStreams(
            Link link, Blocking blocking, Subjects subjects, Streams streams, Listening listening) {
        this.link = link;
        this.blocking = blocking;
        this.subjects = subjects;
        this.streams = streams;
        this.listening = listening;
    }

    LogReader reader(String channel, ChannelOptions options)
            throws IOException, JetStreamApiException {
        KeptStream stream = streams.log(options);
        return reader(channel, options, stream, stream.look());
    }

    private LogReader reader(
            String channel, ChannelOptions options, KeptStream stream, Known known) {
        return new LogReader(
                link,
                stream,
                known,
                subjects.log(options.namespace(), channel),
                subjects.cut(options.namespace(), channel));
    }

    // ---- as the origin of replicas ----

    @Override
    public CompletionStage<Void> listen(String channel) {
        return Blocking.done(listening.listen(channel));
    }

    @Override
    public void ignore(String channel) {
        listening.ignore(channel);
    }

    @Override
    public CompletionStage<Piece> read(
            String channel, ChannelOptions options, long after, int limit) {
        return blocking.ask(() -> piece(reader(channel, options), after, limit));
    }

    private static Piece piece(LogReader reader, long after, int limit) throws Exception {
        String epoch = reader.known().epoch();
        Kept newest = reader.newest();
        if (newest == null) return new Piece(List.of(), new Mark(epoch, 0, 0));
        Mark top = newest.at(epoch);
        if (limit == 0 || Long.compareUnsigned(top.offset(), after) <= 0)
            return new Piece(List.of(), top);
        long cut = after == 0 ? reader.cut() : 0;
        LogReader.After run =
                reader.read(
                        after,
                        limit + 1,
                        () ->
                                new LogReader.After(
                                        reader, after, cut, top.offset(), Long.MIN_VALUE, limit));
        List<Arrival.Appended> publications = new ArrayList<>();
        long previous = run.previous;
        long previousNonce = run.previousNonce;
        for (Kept kept : run.all) {
            Mark at = kept.at(epoch);
            Messages.Stored stored = kept.stored();
            publications.add(
                    new Arrival.Appended(
                            previous, previousNonce, at, stored.isPatched(), stored.publication()));
            previous = at.offset();
            previousNonce = at.nonce();
        }
        return new Piece(publications, top);
    }

    @Override
    public CompletionStage<Mark> renew(String channel, ChannelOptions options, Mark lost) {
        return blocking.ask(() -> {
            KeptStream stream = streams.log(options);
            Known known = stream.renew(lost.epoch());
            var _ = link.tell(subjects.doubt(stream.name()), new byte[0]);
            Kept newest = reader(channel, options, stream, known).newest();
            return newest == null ? new Mark(known.epoch(), 0, 0) : newest.at(known.epoch());
        });
    }

    /**
     * What NATS tells of a channel.
     *
     * @throws Malformed no node has stored or told it
     */
    Arrival arrival(Message message) {
        Headers headers = message.getHeaders();
        String sequence = headers == null ? null : headers.getFirst("Nats-Sequence");
        byte[] data = message.getData();
        if (headers == null || sequence == null) return Messages.parseTold(data);
        Messages.Stored stored = Messages.parseStored(data);
        String epoch = streams.lastEpoch(headers.getFirst("Nats-Stream"));
        return new Arrival.Appended(
                number(headers.getFirst("Nats-Last-Sequence")),
                0,
                new Mark(epoch, number(sequence), stored.nonce()),
                stored.isPatched(),
                stored.publication());
    }

    private static long number(@Nullable String digits) {
        try {
            return Long.parseUnsignedLong(Objects.requireNonNullElse(digits, ""));
        } catch (NumberFormatException _) {
            throw new Malformed("a sequence that is none");
        }
    }

    // ---- history ----

    CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        if (!options.log().hasHistory())
            return CompletableFuture.completedStage(new StreamSlice(List.of(), NOWHERE));
        return blocking.ask(() -> {
            LogReader reader = reader(channel, options);
            Kept newest = reader.newest();
            long offset = newest == null ? 0 : newest.offset();
            StreamPosition top = new StreamPosition(offset, reader.known().epoch());
            boolean isBeyond =
                    !query.reverse() && Long.compareUnsigned(query.offset(), offset) >= 0;
            if (newest == null || query.limit() == 0 || isBeyond)
                return new StreamSlice(List.of(), top);
            long ttlMillis = TimeUnit.NANOSECONDS.toMillis(options.log().historyTtlNanos());
            long oldestMillis = streams.clock().unixMillis() - ttlMillis;
            if (newest.unixMillis() < oldestMillis) return new StreamSlice(List.of(), top);
            return query.reverse()
                    ? backward(reader, query, newest, top, oldestMillis)
                    : forward(reader, query, top, oldestMillis);
        });
    }

    private static StreamSlice forward(
            LogReader reader, HistoryQuery query, StreamPosition top, long oldestMillis)
            throws Exception {
        long cut = reader.cut();
        LogReader.After run =
                reader.read(
                        query.offset(),
                        Math.max(query.limit(), query.limit() + EXTRA),
                        () ->
                                new LogReader.After(
                                        reader,
                                        query.offset(),
                                        cut,
                                        top.offset(),
                                        oldestMillis,
                                        query.limit()));
        if (run.all.isEmpty()) return new StreamSlice(List.of(), top);
        List<Publication> publications = new ArrayList<>();
        for (Kept kept : run.all) {
            boolean isFirst = publications.isEmpty() && run.previous == 0;
            publications.add(kept.publication(isFirst ? top.epoch() : ""));
        }
        return new StreamSlice(Collections.unmodifiableList(publications), top, run.previous);
    }

    private static StreamSlice backward(
            LogReader reader,
            HistoryQuery query,
            Kept newest,
            StreamPosition top,
            long oldestMillis)
            throws Exception {
        long cut = reader.cut();
        if (query.offset() == 0 && query.limit() == 1) {
            boolean isSeen = newest.offset() > cut;
            return new StreamSlice(isSeen ? List.of(newest.publication("")) : List.of(), top);
        }
        LogReader.Before run =
                reader.read(
                        0,
                        Integer.MAX_VALUE,
                        () ->
                                new LogReader.Before(
                                        reader,
                                        query.offset(),
                                        cut,
                                        top.offset(),
                                        oldestMillis,
                                        query.limit()));
        List<Publication> publications =
                run.all.stream().map(kept -> kept.publication("")).toList();
        return new StreamSlice(publications, top);
    }

    /**
     * Notes up to where; what is stored goes but for the newest, which says where the channel
     * stands.
     */
    CompletionStage<?> removeHistory(String channel, ChannelOptions options) {
        return blocking.ask(() -> {
            LogReader reader = reader(channel, options);
            Kept newest = reader.newest();
            if (newest == null) return false;
            var _ = link.ask(reader.cutSubject(), null, new byte[0]).join();
            PurgeOptions older =
                    PurgeOptions.builder()
                            .subject(reader.subject())
                            .sequence(newest.offset())
                            .build();
            return link.management().purgeStream(reader.stream().name(), older).isSuccess();
        });
    }
}
