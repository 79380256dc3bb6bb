package dev.cardea.rtc.turn;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.stun.PasswordAlgorithm;

/**
 * Who has proved to be whom.
 *
 * @param name as it is in the request
 * @param user whom the name stands for
 * @param key that requests are sealed with, and answers are
 * @param algorithm that made the key of the password
 * @param isSha256 whether the seal was MESSAGE-INTEGRITY-SHA256
 */
record Account(
        String name, String user, Bytes key, PasswordAlgorithm algorithm, boolean isSha256) {}
