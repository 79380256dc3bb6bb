package dev.cardea.wire.fossil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.Bytes;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random pairs, the everyday number of them; a million with
 *
 * <pre>{@code mvn -pl wire test -Dtest=FossilPairsTest -Dpairs=1000000}</pre>
 *
 * {@code -Dpairs.file=FILE} writes those that have a patch to a file, for {@code node
 * interop/kit/check-patches.mjs FILE}.
 */
class FossilPairsTest {
    private static final int PAIRS = Integer.getInteger("pairs", 20_000);

    private final FossilEncoder encoder = new FossilEncoder();
    private int patches;
    private long patchBytes;
    private long targetBytes;

    @Test
    void everyPatchMakesItsTargetIsShorterAndKeepsTextText() throws IOException {
        String file = System.getProperty("pairs.file", "");
        try (DataOutputStream out =
                file.isEmpty()
                        ? null
                        : new DataOutputStream(
                                new BufferedOutputStream(Files.newOutputStream(Path.of(file))))) {
            long seed = Long.getLong("seed", new SplittableRandom().nextLong());
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < PAIRS; i++) {
                long pairSeed = random.nextLong();
                try {
                    pair(new SplittableRandom(pairSeed), out);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("seed " + seed + ", pair " + i, e);
                }
            }
        }
        assertThat(patches).isGreaterThan(PAIRS / 2);
        if (PAIRS < 1_000_000) return;
        System.out.printf(
                "pairs=%d patches=%d target_bytes=%d patch_bytes=%d%n",
                PAIRS, patches, targetBytes, patchBytes);
    }

    private void pair(SplittableRandom random, @Nullable DataOutputStream out) throws IOException {
        int longest = random.nextInt(10) == 0 ? 5000 : 400;
        byte[] from = RandomPayloads.payload(random, longest);
        byte[] to = RandomPayloads.edited(random, from, longest);
        Bytes base = Bytes.wrap(from);
        Bytes target = Bytes.wrap(to);
        Bytes patch = encoder.patch(base, target);
        if (patch == null) return;
        if (!FossilPatch.apply(base, patch, to.length).equals(target))
            throw new AssertionError("another target");
        if (patch.length() >= to.length) throw new AssertionError("not shorter");
        if (RandomPayloads.isUtf8(to) && !RandomPayloads.isUtf8(patch.toArray()))
            throw new AssertionError("text became no text");
        patches++;
        patchBytes += patch.length();
        targetBytes += to.length;
        if (out == null) return;
        for (byte[] part : new byte[][] {from, to, patch.toArray()}) {
            out.write(ByteBuffer.allocate(4).putInt(part.length).array());
            out.write(part);
        }
    }
}
