package dev.cardea.rtc.turn;

/**
 * What somebody gets who has proved nothing is no more than three times what they sent, so that a
 * forged source gains nothing by asking us.
 */
final class Amplification {
    /** Less than this is too little to gain by. */
    static final int SMALL_BYTES = 160;

    private Amplification() {}
}
