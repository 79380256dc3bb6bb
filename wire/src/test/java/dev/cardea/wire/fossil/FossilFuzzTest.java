package dev.cardea.wire.fossil;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.Arrays;

class FossilFuzzTest {
    /** The first byte says where the base ends and the target, or a patch to be refused, begins. */
    @FuzzTest(maxDuration = "1m")
    void whatIsPatchedIsMadeAgainAndWhatIsNoPatchIsRefused(byte[] input) {
        int split = input.length == 0 ? 0 : 1 + (input[0] & 0xFF) * (input.length - 1) / 255;
        Bytes base = Bytes.wrap(Arrays.copyOfRange(input, Math.min(1, input.length), split));
        Bytes target = Bytes.wrap(Arrays.copyOfRange(input, split, input.length));
        Bytes patch = new FossilEncoder().patch(base, target);
        if (patch != null)
            assertThat(FossilPatch.apply(base, patch, input.length)).isEqualTo(target);
        try {
            FossilPatch.apply(base, target, 1 << 16);
        } catch (Malformed e) {
            // as it should be
        }
    }
}
