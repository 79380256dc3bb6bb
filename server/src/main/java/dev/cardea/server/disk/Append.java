package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One publication. */
final class Append implements Writer.Work {
    private static final long RESULT_TTL_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final StreamPosition NOWHERE = new StreamPosition(0, "");

    private final String channel;
    private final ChannelOptions options;
    private final Publication publication;
    private final PublishOptions how;
    private final BiConsumer<String, Arrival> tell;
    private final CompletableFuture<Published> published = new CompletableFuture<>();

    private StreamPosition position = NOWHERE;

    /** What its channel's readers hear; null: nothing. */
    private @Nullable Arrival arrival;

    Append(
            String channel,
            ChannelOptions options,
            Publication publication,
            PublishOptions how,
            BiConsumer<String, Arrival> tell) {
        this.channel = channel;
        this.options = options;
        this.publication = publication;
        this.how = how;
        this.tell = tell;
    }

    CompletableFuture<Published> published() {
        return published;
    }

    @Override
    public long bytes() {
        return 512L + publication.data().length();
    }

    @Override
    public void write(Tables tables) throws SQLException {
        String key = how.idempotencyKey();
        StreamPosition before = key.isEmpty() ? null : tables.result(channel, key);
        if (before != null) {
            position = before;
            return;
        }
        boolean isPatched = how.delta() || options.bandwidth().deltaPublish();
        if (!options.log().hasHistory()) {
            arrival = new Arrival.Passing(isPatched, publication);
        } else {
            append(tables, tables.open(channel, options), isPatched);
        }
        if (!key.isEmpty()) tables.keepResult(channel, key, position, RESULT_TTL_MILLIS);
    }

    private void append(Tables tables, StreamState state, boolean isPatched) throws SQLException {
        if (how.skipHistory()) {
            arrival = new Arrival.Passing(isPatched, publication);
        } else if (state.takes(how.version(), how.versionEpoch())) {
            long previous = state.top;
            Stored stored =
                    Stored.of(state.id, previous + 1, tables.unixMillis(), isPatched, publication);
            tables.append(state, stored);
            arrival = new Arrival.Appended(previous, 0, state.mark(), isPatched, publication);
        }
        position = state.mark().position();
    }

    @Override
    public void done() {
        if (arrival != null) tell.accept(channel, arrival);
        published.complete(new Published(position));
    }

    @Override
    public void failed(RuntimeException why) {
        published.completeExceptionally(why);
    }
}
