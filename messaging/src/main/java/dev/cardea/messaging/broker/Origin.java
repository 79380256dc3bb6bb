package dev.cardea.messaging.broker;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.centrifuge.Publication;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The broker behind {@link Replicas}: where streams are kept, and what tells of them. Called from
 * any thread, and briefly under a lock of the channel's; answers whenever it likes, on any thread.
 */
public interface Origin {
    /**
     * Complete once everything that is appended to the channel from then on arrives. The channel
     * isn't listened to yet. Fails if the broker can't be reached; nothing arrives then.
     */
    CompletionStage<Void> listen(String channel);

    /** Nothing of the channel need arrive any more. */
    void ignore(String channel);

    /**
     * Reads a stream that has history, in one moment; one that doesn't exist begins to.
     *
     * @param after publications behind this offset (unsigned), oldest first
     * @param limit so many at most, fewer where they are large; 0: the top alone
     */
    CompletionStage<Piece> read(String channel, ChannelOptions options, long after, int limit);

    /**
     * A node has what the stream has not: gives the stream another epoch, unless its epoch is
     * another than that of {@code lost} already, and tells all who listen ({@link Arrival.Doubt}).
     * Completes with the stream's top.
     */
    CompletionStage<Mark> renew(String channel, ChannelOptions options, Mark lost);

    /**
     * A part of a stream.
     *
     * @param top the stream's, at the same moment; (epoch, 0, 0) while nothing was appended
     */
    record Piece(List<Arrival.Appended> publications, Mark top) {
        /** As history gives it: where offsets are counted one by one, the first has the epoch. */
        public StreamSlice slice() {
            List<Publication> all = new ArrayList<>(publications.size());
            for (Arrival.Appended appended : publications) {
                long offset = appended.at().offset();
                String epoch = offset == 1 ? top.epoch() : "";
                all.add(appended.publication().withOffset(offset, epoch));
            }
            return new StreamSlice(Collections.unmodifiableList(all), top.position());
        }
    }
}
