package dev.cardea.server.disk;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.KeptCodec;
import dev.cardea.wire.centrifuge.Publication;
import java.util.zip.CRC32C;

/**
 * A publication as it lies in the database.
 *
 * @param atMillis Unix time of its writing
 * @param isPatched it may be sent as a patch of the one before
 * @param sum of all else, with the stream's number: what the disk has changed is noticed
 */
record Stored(long offset, long atMillis, boolean isPatched, long sum, Bytes body) {
    static Stored of(
            long stream, long offset, long atMillis, boolean isPatched, Publication publication) {
        Bytes body = Bytes.wrap(KeptCodec.write(publication));
        return new Stored(
                offset, atMillis, isPatched, sum(stream, offset, atMillis, isPatched, body), body);
    }

    boolean isWhole(long stream) {
        return sum == sum(stream, offset, atMillis, isPatched, body);
    }

    /**
     * @throws Malformed it was written by something else
     */
    Publication publication() {
        byte[] bytes = body.toArray();
        return KeptCodec.publication(bytes, 0, bytes.length);
    }

    private static long sum(
            long stream, long offset, long atMillis, boolean isPatched, Bytes body) {
        CRC32C sum = new CRC32C();
        add(sum, stream);
        add(sum, offset);
        add(sum, atMillis);
        sum.update(isPatched ? 1 : 0);
        sum.update(body.buffer());
        return sum.getValue();
    }

    private static void add(CRC32C sum, long number) {
        for (int shift = 0; shift < 64; shift += 8) sum.update((int) (number >>> shift) & 0xFF);
    }
}
