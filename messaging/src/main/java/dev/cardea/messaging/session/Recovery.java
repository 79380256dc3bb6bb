package dev.cardea.messaging.session;

import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.filter.TagsFilter;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.util.List;

/**
 * What a subscriber gets of a stream's past.
 *
 * @param publications what the reply carries, oldest first
 * @param recovered with them, and what follows as publications up to {@code top}, the client has
 *     everything
 * @param offset the reply's: where the client stands before it applies the publications
 * @param deliveredTo where the client stands after them; its cursor reads on from there
 */
record Recovery(
        List<Publication> publications,
        boolean wasRecovering,
        boolean recovered,
        long offset,
        long deliveredTo,
        StreamPosition top) {
    /**
     * More than this in one reply would hold up everything behind it; the rest follows as
     * publications.
     */
    static final int MAX_REPLY_BYTES = 1024 * 1024;

    /** Nothing: the client begins at the top. */
    static Recovery none(SubscribeRequest request, StreamPosition top) {
        return new Recovery(List.of(), request.recover(), false, top.offset(), top.offset(), top);
    }

    /** What to ask the broker for. */
    static HistoryQuery query(Granted granted, SubscribeRequest request, int limit) {
        if (!granted.recovers(request)) return HistoryQuery.TOP;
        return granted.isCache()
                ? new HistoryQuery(0, 1, true)
                : new HistoryQuery(request.offset(), limit, false);
    }

    /**
     * @param replyBytes of publications that the reply has room for; one always fits
     */
    static Recovery of(
            Granted granted, SubscribeRequest request, StreamSlice slice, int replyBytes) {
        if (!granted.recovers(request)) return none(request, slice.top());
        Recovery recovery =
                granted.isCache() ? ofCache(request, slice) : ofStream(request, slice, replyBytes);
        return granted.filter() == null ? recovery : recovery.passing(granted.filter());
    }

    /** What a filter leaves out counts as delivered. */
    private Recovery passing(TagsFilter filter) {
        List<Publication> passing =
                publications.stream().filter(p -> filter.passes(p.tags())).toList();
        return new Recovery(passing, wasRecovering, recovered, offset, deliveredTo, top);
    }

    /** The newest publication, unless the client has it. */
    private static Recovery ofCache(SubscribeRequest request, StreamSlice slice) {
        StreamPosition top = slice.top();
        boolean hasIt =
                request.recover() && isSameEpoch(request, top) && request.offset() == top.offset();
        boolean recovered = hasIt || !slice.publications().isEmpty();
        List<Publication> publications = hasIt ? List.of() : slice.publications();
        long offset = recovered ? request.offset() : top.offset();
        return new Recovery(publications, true, recovered, offset, top.offset(), top);
    }

    private static Recovery ofStream(SubscribeRequest request, StreamSlice slice, int replyBytes) {
        StreamPosition top = slice.top();
        List<Publication> missed = slice.publications();
        boolean recovered = isSameEpoch(request, top) && isComplete(request.offset(), slice);
        if (!recovered)
            return new Recovery(List.of(), true, false, top.offset(), top.offset(), top);
        List<Publication> first = withinReply(missed, replyBytes);
        long deliveredTo = first.isEmpty() ? top.offset() : first.getLast().offset();
        return new Recovery(first, true, true, request.offset(), deliveredTo, top);
    }

    private static boolean isSameEpoch(SubscribeRequest request, StreamPosition top) {
        return request.epoch().isEmpty() || request.epoch().equals(top.epoch());
    }

    private static boolean isComplete(long offset, StreamSlice slice) {
        long top = slice.top().offset();
        if (slice.publications().isEmpty()) return offset == top;
        return slice.previous() == offset && slice.publications().getLast().offset() == top;
    }

    private static List<Publication> withinReply(List<Publication> missed, int replyBytes) {
        int bytes = 0;
        for (int i = 0; i < missed.size(); i++) {
            bytes += missed.get(i).data().length();
            if (bytes > replyBytes) return missed.subList(0, Math.max(1, i));
        }
        return missed;
    }
}
