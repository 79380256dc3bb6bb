package dev.cardea.wire.fossil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FossilEncoderTest {
    private final FossilEncoder encoder = new FossilEncoder();

    /** The patch as text, checked to do what it is for. */
    private String patch(String base, String target) {
        Bytes patch = encoder.patch(Bytes.utf8(base), Bytes.utf8(target));
        if (patch == null) return "none";
        assertThat(FossilPatch.apply(Bytes.utf8(base), patch, 1 << 24).toUtf8()).isEqualTo(target);
        return patch.toUtf8();
    }

    private Bytes made(Bytes base, Bytes target) {
        Bytes patch = encoder.patch(base, target);
        if (patch == null) throw new AssertionError("no shorter patch");
        assertThat(FossilPatch.apply(base, patch, target.length())).isEqualTo(target);
        return patch;
    }

    @Test
    void aChangedDigitIsOneInsertionBetweenTwoCopies() {
        assertThat(
                        patch(
                                "{\"price\":100,\"name\":\"a doorstep, by the door, in the hall\"}",
                                "{\"price\":101,\"name\":\"a doorstep, by the door, in the hall\"}"))
                .startsWith("w\nB@0,1:1k@C,")
                .endsWith(";");
    }

    @Test
    void nothingChangedIsOneCopy() {
        String text = "the hinge turns, the door stays where it is";
        assertThat(patch(text, text)).startsWith("g\ng@0,");
    }

    @Test
    void manySmallChangesOfTheSameLengthAreFoundInLockstep() {
        StringBuilder base = new StringBuilder();
        StringBuilder target = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            base.append("{\"symbol\":\"S").append(i).append("\",\"price\":4711},");
            target.append("{\"symbol\":\"S").append(i).append("\",\"price\":4712},");
        }
        assertThat(patch(base.toString(), target.toString()).length())
                .isLessThan(target.length() / 2);
    }

    @Test
    void movedPartsAreFoundWhereTheyWere() {
        SplittableRandom random = new SplittableRandom(1);
        String first = RandomPayloads.words(random, 3000);
        String second = RandomPayloads.words(random, 3000);
        assertThat(patch(first + second, second + first).length()).isLessThan(64);
    }

    @Test
    void aPatchThatWouldBeLongerIsRefusedAndNothingIsWritten() {
        ByteWriter out = new ByteWriter();
        out.put('x');
        assertThat(encoder.patch(Bytes.utf8("a".repeat(90)), Bytes.utf8("b".repeat(90)), out))
                .isFalse();
        assertThat(out.toBytes().toUtf8()).isEqualTo("x");
        assertThat(patch("", "something without a base")).isEqualTo("none");
        assertThat(patch("short", "short")).isEqualTo("none");
        assertThat(patch("something without a target", "")).isEqualTo("none");
    }

    @Test
    void cyrillicLettersAreNeverCutInTwo() {
        // д and е, т and у begin with different bytes and end with the same or the other way round
        String base = "Дверь открыта настежь, и петли скрипят на ветру.";
        for (String target :
                new String[] {
                    "Дверь закрыта настежь, и петли скрипят на ветру.",
                    "Деерь открыта настежь, и потли скрипят на ватру.",
                    "Двёрь открыта нЎстежь, и петли скрипят Ѐна ветру."
                }) {
            Bytes patch = made(Bytes.utf8(base), Bytes.utf8(target));
            assertThat(Bytes.utf8(patch.toUtf8())).isEqualTo(patch);
        }
    }

    @Test
    void emojiThatDifferInTheirLastByteAreNeverCutInTwo() {
        String base = "the doors 🚪🚪🚪🚪🚪🚪 and the keys 🗝🗝🗝🗝🗝🗝 of the house";
        String target = "the doors 🚫🚪🚪🚪🚪🚪 and the keys 🗝🗝🗝🗜🗝🗝 of the house";
        Bytes patch = made(Bytes.utf8(base), Bytes.utf8(target));
        assertThat(Bytes.utf8(patch.toUtf8())).isEqualTo(patch);
    }

    @Test
    void bytesThatAllLookLikeTheInsideOfACharacterAreStillCopied() {
        byte[] base = new byte[4096];
        new SplittableRandom(7).nextBytes(base);
        for (int i = 0; i < base.length; i++) base[i] = (byte) (0x80 | (base[i] & 0x3F));
        byte[] target = base.clone();
        target[2000] = 'x';
        assertThat(made(Bytes.wrap(base), Bytes.wrap(target)).length()).isLessThan(40);
    }

    @Test
    void aLargePayloadLeavesNothingBehindThatASmallOneWouldNeedToClear() {
        byte[] large = new byte[3 << 20];
        new SplittableRandom(3).nextBytes(large);
        byte[] changed = large.clone();
        for (int i = 1000; i < changed.length; i += 100_000) changed[i]++;
        assertThat(made(Bytes.wrap(large), Bytes.wrap(changed)).length()).isLessThan(1000);
        assertThat(patch("the hinge turns, and turns", "the hinge turns, and turned"))
                .isNotEqualTo("none");
    }

    /** What an attacker would publish: every place has as many candidates as there can be. */
    @Test
    void hostilePayloadsCostNoMoreThanAFixedNumberOfLooksForEachByte() {
        int size = 1 << 20;
        byte[] spaces = new byte[size];
        Arrays.fill(spaces, (byte) ' ');
        byte[] broken = spaces.clone();
        for (int i = 0; i < size; i += 15) broken[i] = 'x'; // no block of the base matches
        byte[] brokenLater = spaces.clone();
        for (int i = 0; i < size; i += 17) brokenLater[i] = 'x'; // every block, for one byte only
        byte[] period = "0123456789abcdef".repeat(size / 16).getBytes(StandardCharsets.US_ASCII);
        byte[] shifted = new byte[size];
        for (int i = 0; i < size; i++) shifted[i] = period[(i * 7 + i / 31) & (size - 1)];
        byte[][] all = {spaces, broken, brokenLater, period, shifted};
        for (int i = 0; i < 3; i++) run(all); // compiled
        long start = System.nanoTime();
        run(all);
        double nanosPerByte =
                (System.nanoTime() - start) / (double) (all.length * all.length * size);
        assertThat(nanosPerByte).isLessThan(200);
    }

    private void run(byte[][] all) {
        for (byte[] base : all) {
            for (byte[] target : all) {
                Bytes patch = encoder.patch(Bytes.wrap(base), Bytes.wrap(target));
                if (patch == null) continue;
                assertThat(FossilPatch.apply(Bytes.wrap(base), patch, target.length))
                        .isEqualTo(Bytes.wrap(target));
            }
        }
    }
}
