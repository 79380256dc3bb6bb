package dev.cardea.server.quic;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SilenceTest {
    private final Silence silence = new Silence();

    @Test
    void whoAnswersNothingForThreeIntervalsHasVanished() {
        assertFalse(silence.look(10, 10, 0));
        assertFalse(silence.look(10, 13, 0)); // from here on
        assertFalse(silence.look(10, 14, 0));
        assertFalse(silence.look(10, 14, 0));
        assertTrue(silence.look(10, 14, 0));
    }

    @Test
    void oneAnswerIsEnough() {
        assertFalse(silence.look(10, 10, 0));
        for (int i = 1; i < 50; i++) {
            assertFalse(silence.look(10 + i / 3, 10 + 5 * i, 0));
        }
    }

    @Test
    void whereNothingIsSentNothingIsAnswered() {
        assertFalse(silence.look(10, 10, 0));
        for (int i = 0; i < 100; i++) assertFalse(silence.look(10, 10, 0));
        // an acknowledgement of what came last isn't answered
        for (int i = 0; i < 100; i++) assertFalse(silence.look(10, 12, 0));
    }

    @Test
    void whoWasQuietForLongHasItsTimeOnceItIsSentSomething() {
        assertFalse(silence.look(10, 10, 0));
        for (int i = 0; i < 100; i++) assertFalse(silence.look(10, 10, 0));
        assertFalse(silence.look(10, 20, 0));
        assertFalse(silence.look(10, 21, 0));
        assertFalse(silence.look(10, 22, 0));
        assertTrue(silence.look(10, 23, 0));
    }

    @Test
    void aSingleRepetitionIsOwedAnAnswer() {
        assertFalse(silence.look(10, 10, 2));
        assertFalse(silence.look(10, 11, 2)); // perhaps an acknowledgement
        assertFalse(silence.look(10, 12, 3)); // from here on
        assertFalse(silence.look(10, 12, 3));
        assertFalse(silence.look(10, 12, 3));
        assertTrue(silence.look(10, 12, 3));
    }

    @Test
    void whatWasRepeatedBeforeTheLastAnswerIsForgotten() {
        assertFalse(silence.look(10, 10, 2));
        assertFalse(silence.look(10, 12, 4));
        assertFalse(silence.look(11, 14, 6));
        for (int i = 0; i < 100; i++) assertFalse(silence.look(11, 14, 6));
    }
}
