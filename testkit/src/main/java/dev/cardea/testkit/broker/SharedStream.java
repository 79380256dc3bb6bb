package dev.cardea.testkit.broker;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.broker.Origin.Piece;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.LogOptions;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.centrifuge.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One channel's stream as a {@link SharedBroker} keeps it. Guarded by the broker's lock. */
final class SharedStream {
    private final String channel;
    private final ChannelOptions options;
    private final Map<Long, Long> nonces = new HashMap<>();
    private final Map<Long, Boolean> patched = new HashMap<>();
    private ChannelLog log;

    SharedStream(String channel, ChannelOptions options, String epoch, long nowNanos) {
        this.channel = channel;
        this.options = options;
        this.log = newLog(epoch, nowNanos);
    }

    private ChannelLog newLog(String epoch, long nowNanos) {
        return new ChannelLog(channel, kept(), new MemoryBudget(Long.MAX_VALUE), epoch, nowNanos);
    }

    /** {@code history_bytes} is what each node keeps. */
    private LogOptions kept() {
        LogOptions log = options.log();
        return new LogOptions(
                log.historySize(), log.historyTtlNanos(), log.windowSize(), log.windowBytes());
    }

    ChannelLog log() {
        return log;
    }

    /** Null: nothing, its version is no news. */
    Arrival.@Nullable Appended append(
            Publication publication,
            PublishOptions how,
            boolean isPatched,
            long nonce,
            long nowNanos) {
        ChannelLog.Appended appended =
                log.append(publication, false, how.version(), how.versionEpoch(), nowNanos);
        if (appended.suppressed()) return null;
        long offset = appended.position().offset();
        nonces.put(offset, nonce);
        patched.put(offset, isPatched);
        return appended(publication, offset);
    }

    private Arrival.Appended appended(Publication publication, long offset) {
        Mark at = new Mark(log.top().epoch(), offset, nonce(offset));
        boolean isPatched = patched.getOrDefault(offset, false);
        return new Arrival.Appended(offset - 1, nonce(offset - 1), at, isPatched, publication);
    }

    private long nonce(long offset) {
        return nonces.getOrDefault(offset, 0L);
    }

    Mark top() {
        long offset = log.top().offset();
        return new Mark(log.top().epoch(), offset, nonce(offset));
    }

    Piece after(long offset, int limit, long nowNanos) {
        StreamSlice slice = log.after(offset, limit, nowNanos);
        List<Arrival.Appended> publications = new ArrayList<>();
        for (Publication publication : slice.publications())
            publications.add(appended(publication, publication.offset()));
        return new Piece(publications, top());
    }

    /** History keeps all that was ever appended, or this can't be played. */
    void fallBack(int lost, long nowNanos) {
        List<Publication> all = log.after(0, Integer.MAX_VALUE, nowNanos).publications();
        rebuild(log.top().epoch(), all.subList(0, all.size() - lost), nowNanos);
    }

    /** Another epoch for what there is. */
    void renew(String epoch, long nowNanos) {
        rebuild(epoch, log.after(0, Integer.MAX_VALUE, nowNanos).publications(), nowNanos);
    }

    private void rebuild(String epoch, List<Publication> publications, long nowNanos) {
        log = newLog(epoch, nowNanos);
        for (Publication publication : publications) {
            var _ = log.append(publication, false, 0, "", nowNanos);
        }
    }
}
