package dev.cardea.rtc.turn;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.stun.StunError;

/** What becomes of a request whose sender is known. */
sealed interface Answer {
    /**
     * @param why for an operator, as the rest of "was refused because ..."
     */
    record Refused(StunError error, String why) implements Answer {}

    /** The attributes are written. */
    record Granted(String what) implements Answer {}

    /** What was answered before. */
    record Repeat(Bytes bytes) implements Answer {}

    /** The answer follows. */
    record Later() implements Answer {}

    static Answer refused(StunError error, String why) {
        return new Refused(error, why);
    }
}
