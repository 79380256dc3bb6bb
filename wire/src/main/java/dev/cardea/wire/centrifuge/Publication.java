package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a channel.
 *
 * @param offset unsigned 64-bit, 0 where the channel has no history or the publication was kept out
 *     of it
 * @param epoch sent with a stream's first publication only, otherwise empty
 * @param info who published, null for the server API
 * @param delta {@code data} is a patch against the publication before
 * @param timeMillis Unix time of publishing, 0 when not sent
 * @param channel sent only where it differs from the push's own
 * @param key the key of a keyed channel's entry, otherwise empty
 */
public record Publication(
        Bytes data,
        @Nullable ClientInfo info,
        long offset,
        Map<String, String> tags,
        boolean delta,
        long timeMillis,
        String channel,
        String key,
        boolean removed,
        long score,
        String epoch,
        long version) {

    /** A plain publication: data alone. */
    public static Publication of(Bytes data) {
        return new Publication(data, null, 0, Map.of(), false, 0, "", "", false, 0, "", 0);
    }

    public Publication withOffset(long newOffset, String newEpoch) {
        return new Publication(
                data,
                info,
                newOffset,
                tags,
                delta,
                timeMillis,
                channel,
                key,
                removed,
                score,
                newEpoch,
                version);
    }

    public Publication withTime(long unixMillis) {
        return new Publication(
                data,
                info,
                offset,
                tags,
                delta,
                unixMillis,
                channel,
                key,
                removed,
                score,
                epoch,
                version);
    }

    /** With other data, which is a patch or isn't. */
    public Publication withData(Bytes newData, boolean isDelta) {
        return new Publication(
                newData,
                info,
                offset,
                tags,
                isDelta,
                timeMillis,
                channel,
                key,
                removed,
                score,
                epoch,
                version);
    }
}
