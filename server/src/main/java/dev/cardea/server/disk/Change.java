package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.hub.ChannelOptions;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A change of a stream other than a publication; the stream is made if need be. */
final class Change implements Writer.Work {
    /** What is to be done with the stream. */
    interface Step {
        void take(Tables tables, StreamState state) throws SQLException;
    }

    private final String channel;
    private final ChannelOptions options;
    private final Step step;
    private final Runnable then;
    private final CompletableFuture<Mark> stands = new CompletableFuture<>();
    private @Nullable Mark mark;

    /**
     * @param then once it is written
     */
    Change(String channel, ChannelOptions options, Step step, Runnable then) {
        this.channel = channel;
        this.options = options;
        this.step = step;
        this.then = then;
    }

    /** Where the stream stands with it. */
    CompletableFuture<Mark> stands() {
        return stands;
    }

    @Override
    public void write(Tables tables) throws SQLException {
        StreamState state = tables.open(channel, options);
        step.take(tables, state);
        mark = state.mark();
    }

    @Override
    public void done() {
        if (mark == null) throw new IllegalStateException("it wasn't written");
        then.run();
        stands.complete(mark);
    }

    @Override
    public void failed(RuntimeException why) {
        stands.completeExceptionally(why);
    }
}
