package dev.cardea.wire.fossil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FossilPatchTest {
    private static final Bytes BASE = Bytes.utf8("the door is open");

    @Test
    void appliesWhatNpmFossilDeltaMade() {
        assertThat(
                        FossilPatch.apply(
                                        Bytes.utf8(
                                                "{\"price\":100,\"name\":\"a doorstep, by the door,"
                                                        + " in the hall\"}"),
                                        Bytes.utf8(GOLDEN),
                                        1000)
                                .toUtf8())
                .isEqualTo("{\"price\":101,\"name\":\"a doorstep, by the door, in the hall\"}");
    }

    private static final String GOLDEN = "w\nC:{\"price\":101k@C,2GoeTK;";

    @Test
    void insertsAndCopiesByHand() {
        // "abcd" is 0x61626364, which is 1XYjDa in the format's digits
        assertThat(
                        FossilPatch.apply(
                                        BASE,
                                        Bytes.utf8("4\n4:abcd1XNX3_;".replace("1XNX3_", digits())),
                                        4)
                                .toUtf8())
                .isEqualTo("abcd");
    }

    private static String digits() {
        StringBuilder text = new StringBuilder();
        for (int shift = 30; shift >= 0; shift -= 6) {
            text.append(
                    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"
                            .charAt(0x61626364 >>> shift & 63));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "4",
                "4\n",
                "4\n4",
                "4\n4:abc",
                "4\n4:abcd",
                "4\n4:abcd;",
                "4\n4:abcd0;",
                "4\n4@0;",
                "4\n4@D,0;",
                "4\n4@0",
                "4\n5:abcde0;",
                "4\n3:abc0;",
                "4\n4?abcd",
                "~~~~~~~\n0;",
                "4\nzzzzz@0,0;",
                "4\n4@zzzzz,0;",
                "zzzzz\n0;",
                "é\n0;"
            })
    void refusesWhatIsNoPatch(String patch) {
        assertThatThrownBy(() -> FossilPatch.apply(BASE, Bytes.utf8(patch), 1000))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void refusesAPatchOfAnotherBase() {
        Bytes target = Bytes.utf8("the door is open, the window too");
        Bytes patch = new FossilEncoder().patch(BASE, target);
        if (patch == null) throw new AssertionError("no shorter patch");
        assertThat(FossilPatch.apply(BASE, patch, 100)).isEqualTo(target);
        assertThatThrownBy(() -> FossilPatch.apply(Bytes.utf8("the gate is open"), patch, 100))
                .isInstanceOf(Malformed.class)
                .hasMessage("patch of another base");
    }

    @Test
    void theEmptyTargetIsAPatchToo() {
        assertThat(FossilPatch.apply(BASE, Bytes.utf8("0\n0;"), 0)).isEqualTo(Bytes.EMPTY);
    }
}
