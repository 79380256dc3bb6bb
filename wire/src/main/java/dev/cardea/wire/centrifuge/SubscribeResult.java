package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import java.util.List;

/**
 * The answer to a subscribe command, also found in the {@code subs} of a connect result.
 *
 * @param offset after a recovery the offset that the client asked from, otherwise the stream's top;
 *     unsigned 64-bit
 * @param publications what was missed, oldest first
 * @param recovered the client has everything up to the stream's top once it has applied {@code
 *     publications}
 * @param wasRecovering the client asked to recover
 * @param delta publications may come as patches
 */
public record SubscribeResult(
        boolean expires,
        int ttlSeconds,
        boolean recoverable,
        String epoch,
        List<Publication> publications,
        boolean recovered,
        long offset,
        boolean positioned,
        Bytes data,
        boolean wasRecovering,
        boolean delta) {}
