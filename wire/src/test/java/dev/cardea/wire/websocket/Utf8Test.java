package dev.cardea.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void everyCharacterIsValidAndNoSurrogateIs() {
        for (int character = 0; character <= 0x10FFFF; character++) {
            boolean surrogate = character >= 0xD800 && character <= 0xDFFF;
            assertThat(Utf8.isValid(ByteBuffer.wrap(encode(character)))).isEqualTo(!surrogate);
        }
    }

    @Test
    void everyPairOfBytesIsJudgedAsTheJdkDoes() {
        for (int pair = 0; pair <= 0xFFFF; pair++) {
            agreeWithJdk(new byte[] {(byte) (pair >> 8), (byte) pair}, "pair " + pair);
        }
    }

    @Test
    void randomBytesAreJudgedAsTheJdkDoes() {
        for (long seed = 0; seed < 20_000; seed++) {
            agreeWithJdk(almostUtf8(new SplittableRandom(seed)), "seed " + seed);
        }
    }

    @Test
    void itMakesNoDifferenceHowTheTextIsSplit() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] text = almostUtf8(random);
            int whole = Utf8.advance(Utf8.WHOLE, ByteBuffer.wrap(text));
            int state = Utf8.WHOLE;
            for (int at = 0; at < text.length; ) {
                int count = random.nextInt(1, text.length - at + 1);
                state = Utf8.advance(state, ByteBuffer.wrap(text, at, count));
                at += count;
            }
            assertThat(state).as("seed %d", seed).isEqualTo(whole);
        }
    }

    @Test
    void theBufferKeepsItsPosition() {
        ByteBuffer text = ByteBuffer.wrap(new byte[] {(byte) 0xFF, 'a', 'b'}, 1, 2);
        assertThat(Utf8.isValid(text)).isTrue();
        assertThat(text.position()).isEqualTo(1);
    }

    private static void agreeWithJdk(byte[] text, String what) {
        boolean valid;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            valid = true;
        } catch (CharacterCodingException e) {
            valid = false;
        }
        assertThat(Utf8.isValid(ByteBuffer.wrap(text))).as(what).isEqualTo(valid);
    }

    /** Random characters of every length, and now and then a byte that was changed. */
    private static byte[] almostUtf8(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(1, 30);
        for (int i = 0; i < count; i++) {
            int bits = random.nextInt(5, 22);
            int character = random.nextInt(1 << bits);
            if (Character.isValidCodePoint(character)) text.appendCodePoint(character);
        }
        byte[] bytes = (text + "x").getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    /** By the table of RFC 3629 section 3, surrogates included. */
    private static byte[] encode(int c) {
        if (c < 0x80) return bytes(c);
        if (c < 0x800) return bytes(0xC0 | (c >> 6), follow(c));
        if (c < 0x10000) return bytes(0xE0 | (c >> 12), follow(c >> 6), follow(c));
        return bytes(0xF0 | (c >> 18), follow(c >> 12), follow(c >> 6), follow(c));
    }

    private static int follow(int bits) {
        return 0x80 | (bits & 0x3F);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return bytes;
    }
}
