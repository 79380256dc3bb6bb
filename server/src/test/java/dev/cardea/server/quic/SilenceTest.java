package dev.cardea.server.quic;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SilenceTest {
    private final Silence silence = new Silence();

    @Test
    void whoAnswersNothingForThreeIntervalsHasVanished() {
        assertFalse(silence.look(10, 10));
        assertFalse(silence.look(10, 13)); // from here on
        assertFalse(silence.look(10, 14));
        assertFalse(silence.look(10, 14));
        assertTrue(silence.look(10, 14));
    }

    @Test
    void oneAnswerIsEnough() {
        assertFalse(silence.look(10, 10));
        for (int i = 1; i < 50; i++) {
            assertFalse(silence.look(10 + i / 3, 10 + 5 * i));
        }
    }

    @Test
    void whereNothingIsSentNothingIsAnswered() {
        assertFalse(silence.look(10, 10));
        for (int i = 0; i < 100; i++) assertFalse(silence.look(10, 10));
        // an acknowledgement of what came last isn't answered
        for (int i = 0; i < 100; i++) assertFalse(silence.look(10, 12));
    }

    @Test
    void whoWasQuietForLongHasItsTimeOnceItIsSentSomething() {
        assertFalse(silence.look(10, 10));
        for (int i = 0; i < 100; i++) assertFalse(silence.look(10, 10));
        assertFalse(silence.look(10, 20));
        assertFalse(silence.look(10, 21));
        assertFalse(silence.look(10, 22));
        assertTrue(silence.look(10, 23));
    }
}
