package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.broker.Origin;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams in the database: appended to, read, and told of. Thread safe. */
final class DiskStreams implements Origin {
    private static final Logger LOG = LoggerFactory.getLogger(DiskStreams.class);
    private static final StreamPosition NOWHERE = new StreamPosition(0, "");

    private final Writer writer;
    private final Readers readers;
    private final BiConsumer<String, Arrival> tell;
    private final LongSupplier unixMillis;

    /**
     * @param tell of what has arrived in a channel, whether somebody reads it or not
     */
    DiskStreams(
            Writer writer,
            Readers readers,
            BiConsumer<String, Arrival> tell,
            LongSupplier unixMillis) {
        this.writer = writer;
        this.readers = readers;
        this.tell = tell;
        this.unixMillis = unixMillis;
    }

    CompletionStage<Published> append(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        Append append = new Append(channel, options, publication, how, tell);
        return taken(append, append.published());
    }

    private <T> CompletionStage<T> taken(Writer.Work work, CompletableFuture<T> done) {
        if (!writer.take(work)) work.failed(new NotWritten("too much waits for the disk"));
        return done;
    }

    /** Forgets the publications; the stream goes on where it stands. */
    CompletionStage<Mark> removeHistory(String channel, ChannelOptions options) {
        Change change =
                new Change(
                        channel,
                        options,
                        (tables, state) -> tables.removeTo(state, state.top),
                        () -> {});
        return taken(change, change.stands());
    }

    CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        if (!options.log().hasHistory())
            return CompletableFuture.completedStage(new StreamSlice(List.of(), NOWHERE));
        return part(channel, options, !query.reverse(), query.offset(), query.limit())
                .thenApply(part -> piece(part).slice());
    }

    // ---- as the origin of replicas ----

    @Override
    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    public CompletionStage<Void> listen(String channel) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void ignore(String channel) {}

    @Override
    public CompletionStage<Piece> read(
            String channel, ChannelOptions options, long after, int limit) {
        return part(channel, options, true, after, limit).thenApply(DiskStreams::piece);
    }

    private static Piece piece(StreamReader.Part part) {
        List<Arrival.Appended> publications = new ArrayList<>(part.publications().size());
        for (Stored stored : part.publications())
            publications.add(
                    new Arrival.Appended(
                            stored.offset() - 1,
                            0,
                            new Mark(part.top().epoch(), stored.offset(), 0),
                            stored.isPatched(),
                            stored.publication()));
        return new Piece(publications, part.top());
    }

    @Override
    public CompletionStage<Mark> renew(String channel, ChannelOptions options, Mark lost) {
        Change change =
                new Change(
                        channel,
                        options,
                        (tables, state) -> {
                            if (state.epoch.equals(lost.epoch())) tables.renew(state);
                        },
                        () -> tell.accept(channel, new Arrival.Doubt()));
        return taken(change, change.stands());
    }

    private CompletionStage<StreamReader.Part> part(
            String channel, ChannelOptions options, boolean isForward, long offset, int limit) {
        long from =
                unixMillis.getAsLong()
                        - TimeUnit.NANOSECONDS.toMillis(options.log().historyTtlNanos());
        int size = options.log().historySize();
        return readers.ask(reader ->
                        new Found(reader.read(channel, isForward, offset, limit, size, from)))
                .thenCompose(found -> {
                    StreamReader.Part part = found.part();
                    if (part == null) return begun(channel, options, isForward, offset, limit);
                    if (part.isDamaged()) return repaired(channel, options, part);
                    return CompletableFuture.completedStage(part);
                });
    }

    private record Found(StreamReader.@Nullable Part part) {}

    /** A stream that is asked for has an epoch from then on; one of an earlier life another. */
    private CompletionStage<StreamReader.Part> begun(
            String channel, ChannelOptions options, boolean isForward, long offset, int limit) {
        Change change = new Change(channel, options, (_, _) -> {}, () -> {});
        return taken(change, change.stands())
                .thenCompose(mark ->
                        mark.offset() == 0
                                ? CompletableFuture.completedStage(
                                        new StreamReader.Part(List.of(), mark, false))
                                : part(channel, options, isForward, offset, limit));
    }

    /** What can't be trusted goes, and clients are told that it has. */
    private CompletionStage<StreamReader.Part> repaired(
            String channel, ChannelOptions options, StreamReader.Part damaged) {
        Change change =
                new Change(
                        channel,
                        options,
                        (tables, state) -> {
                            if (!state.epoch.equals(damaged.top().epoch())) return;
                            tables.removeTo(state, Long.MAX_VALUE);
                            tables.renew(state);
                            LOG.atError()
                                    .addKeyValue("channel", channel)
                                    .log("persistent_stream_damaged");
                        },
                        () -> tell.accept(channel, new Arrival.Doubt()));
        return taken(change, change.stands())
                .thenApply(mark -> new StreamReader.Part(List.of(), mark, false));
    }
}
