package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The body of a subscribe command, also found in the {@code subs} of a connect command.
 *
 * @param recover the client was subscribed before, and stands at {@code offset} of {@code epoch}
 * @param offset unsigned 64-bit
 * @param delta empty, or the delta format that the client can apply ({@code fossil})
 * @param tf the tags filter, or null
 * @param flag bits: {@link #FLAG_CHANNEL_COMPACTION}, {@link #FLAG_REFUSE_UNRECOVERED}
 * @param type 0 for a stream subscription; see the protocol's subscription types
 */
public record SubscribeRequest(
        String channel,
        String token,
        boolean recover,
        String epoch,
        long offset,
        Bytes data,
        boolean positioned,
        boolean recoverable,
        boolean joinLeave,
        String delta,
        @Nullable FilterNode tf,
        long flag,
        int type) {
    public static final long FLAG_CHANNEL_COMPACTION = 1;

    /** Answer error 112 rather than {@code recovered=false}. */
    public static final long FLAG_REFUSE_UNRECOVERED = 2;

    /** A plain subscription to the channel: no token, no recovery. */
    public static SubscribeRequest to(String channel) {
        return new SubscribeRequest(
                channel, "", false, "", 0, Bytes.EMPTY, false, false, false, "", null, 0, 0);
    }
}
