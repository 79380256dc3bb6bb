package dev.cardea.wire.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    private static JsonReader reader(String text) {
        return reader(text.getBytes(UTF_8));
    }

    private static JsonReader reader(byte[] text) {
        return new JsonReader(JsonNames.NONE, text, 0, text.length);
    }

    private static void skipAll(byte[] text) {
        JsonReader in = reader(text);
        in.skip();
        in.end();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "-0.0e-0",
                "1E+400",
                "123.456e7",
                "\"\"",
                "[]",
                "{}",
                " [ ] ",
                "\t{\r\n}",
                "[[],{},[{}]]",
                "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"a\":[]}",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\\uD83D\"",
                "\"é€😀\u007f\"",
                "[\"]\",\"}\",\"[\",\"{\"]"
            })
    void acceptsValidJson(String text) {
        skipAll(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "nullx",
                "True",
                "tru",
                "01",
                "-",
                "-01",
                "+1",
                ".5",
                "1.",
                "1.e5",
                "1e",
                "1e+",
                "0x10",
                "NaN",
                "Infinity",
                "-Infinity",
                "'a'",
                "\"",
                "\"a",
                "\"\\\"",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12G4\"",
                "\"\\u１２３４\"",
                "\"\t\"",
                "\"\n\"",
                "\"\u0000\"",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[,]",
                "[1 2]",
                "[1;2]",
                "[1}",
                "]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,}",
                "{\"a\" 1}",
                "{\"a\":,}",
                "{a:1}",
                "{1:1}",
                "{null:1}",
                "{\"a\":1]",
                "{\"a\":1 \"b\":2}",
                "{}{}",
                "1 2",
                "\u00a01",
                "\ufeff{}",
                "/* */1",
                "1//"
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> skipAll(text.getBytes(UTF_8))).isInstanceOf(Malformed.class);
    }

    @Test
    void textsAreUnescaped() {
        assertThat(reader("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9é\"").text())
                .isEqualTo("a\"\\/\b\f\n\r\téé");
        assertThat(reader("\"\\uD83D\\uDE00😀\"").text()).isEqualTo("😀😀");
    }

    @Test
    void aSurrogateWithoutItsPartnerIsReplaced() {
        assertThat(reader("\"\\uD83D\"").text()).isEqualTo("\uFFFD");
        assertThat(reader("\"\\uDE00\\uD83D\"").text()).isEqualTo("\uFFFD\uFFFD");
        assertThat(reader("\"\\uD83Dx\\uDE00\"").text()).isEqualTo("\uFFFDx\uFFFD");
        assertThat(reader("\"\\uD83D\\uD83D\\uDE00\"").text()).isEqualTo("\uFFFD😀");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\t\"",
                "\"a\nb\"",
                "\"\\n\u0000\"",
                "\"a",
                "\"\\",
                "\"\\u00\"",
                "1",
                "{}",
                ""
            })
    void refusesWhatIsNoText(String text) {
        assertThatThrownBy(() -> reader(text).text()).isInstanceOf(Malformed.class);
        String object = "{" + text + ":1}";
        assertThatThrownBy(() -> readName(object)).isInstanceOf(Malformed.class);
    }

    private static void readName(String object) {
        JsonReader in = reader(object);
        in.beginObject();
        in.nextName();
    }

    @Test
    void utf8IsAcceptedExactlyWhereTheJdkAcceptsIt() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int[] bytes = {'a', 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1};
        int[] leads = {0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF};
        for (int round = 0; round < 20_000; round++) {
            byte[] text = new byte[random.nextInt(6)];
            for (int i = 0; i < text.length; i++) {
                boolean lead = random.nextInt(3) == 0;
                int[] from = lead ? leads : bytes;
                text[i] = (byte) from[random.nextInt(from.length)];
            }
            String name = "seed %d, round %d".formatted(seed, round);
            byte[] quoted = ('"' + new String(text, ISO_8859_1) + '"').getBytes(ISO_8859_1);
            byte[] escaped = ("\"\\n" + new String(text, ISO_8859_1) + '"').getBytes(ISO_8859_1);
            try {
                String decoded = UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
                skipAll(quoted);
                assertThat(reader(quoted).text()).as(name).isEqualTo(decoded);
                assertThat(reader(escaped).text()).as(name).isEqualTo("\n" + decoded);
            } catch (CharacterCodingException e) {
                refused(() -> skipAll(quoted), name);
                refused(() -> reader(quoted).text(), name);
                refused(() -> reader(escaped).text(), name);
            }
        }
    }

    private static void refused(Runnable reading, String name) {
        assertThatThrownBy(reading::run).as(name).isInstanceOf(Malformed.class);
    }

    @Test
    void wholeNumbersUpToTheirLimits() {
        assertThat(reader("4294967295").uint32()).isEqualTo(-1);
        assertThat(reader("18446744073709551615").uint64()).isEqualTo(-1);
        assertThat(reader("9223372036854775807").int64()).isEqualTo(Long.MAX_VALUE);
        assertThat(reader("-9223372036854775808").int64()).isEqualTo(Long.MIN_VALUE);
        assertThat(reader("-2147483648").int32()).isEqualTo(Integer.MIN_VALUE);
        assertThat(reader(" -0").int64()).isZero();
        assertThat(reader("null").uint32()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4294967296",
                "18446744073709551615",
                "18446744073709551616",
                "18446744073709551620",
                "99999999999999999999",
                "184467440737095516150",
                "-1",
                "1.0",
                "1e3",
                "1E3",
                "1e400",
                "00",
                "01",
                "\"1\"",
                "true",
                "[]",
                "",
                "-",
                "- 1"
            })
    void refusesWhatIsNoUnsigned32BitNumber(String text) {
        assertThatThrownBy(() -> reader(text).uint32()).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "18446744073709551615",
                "-18446744073709551616",
                "-",
                "- 1",
                "--1",
                "-01",
                "-1.0",
                "-1e3",
                "+1"
            })
    void refusesWhatIsNoSigned64BitNumber(String text) {
        assertThatThrownBy(() -> reader(text).int64()).isInstanceOf(Malformed.class);
    }

    @Test
    @Timeout(10)
    void aNumberOfAMillionDigitsIsRefusedAsAnIntegerAndSkippedOtherwise() {
        String digits = "9".repeat(1_000_000);
        assertThatThrownBy(() -> reader(digits).uint64()).isInstanceOf(Malformed.class);
        skipAll(digits.getBytes(UTF_8));
    }

    @Test
    @Timeout(10)
    void nestingIsBoundedHoweverDeepTheInput() {
        for (String open : new String[] {"[", "{\"a\":"}) {
            String close = open.equals("[") ? "]" : "}";
            int max = JsonReader.MAX_DEPTH;
            skipAll((open.repeat(max) + 1 + close.repeat(max)).getBytes(UTF_8));
            assertThatThrownBy(() -> skipAll(open.repeat(max + 1).getBytes(UTF_8)))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining("deep");
            assertThatThrownBy(() -> skipAll(open.repeat(1_000_000).getBytes(UTF_8)))
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void kindsOfBracketsAreRememberedPastOneWordOfLevels() {
        String open = "[{\"a\":".repeat(100);
        skipAll((open + 1 + "}]".repeat(100)).getBytes(UTF_8));
        assertThatThrownBy(() -> skipAll((open + 1 + "]}".repeat(100)).getBytes(UTF_8)))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aRawValueIsCopiedExactlyWithoutTheSpaceAroundIt() {
        JsonReader in = reader("{ \"a\" : { \"b\" : [ 1.50e0 , \"\\u0041\" ] } , \"c\":null}");
        in.beginObject();
        assertThat(in.nextName()).isEqualTo("a");
        assertThat(in.raw().toUtf8()).isEqualTo("{ \"b\" : [ 1.50e0 , \"\\u0041\" ] }");
        assertThat(in.nextName()).isEqualTo("c");
        assertThat(in.raw().toUtf8()).isEqualTo("null");
        assertThat(in.nextName()).isNull();
        in.end();
    }

    @Test
    void objectsAndArraysAreReadInOrder() {
        JsonReader in = reader("{\"a\":[1,{},[]],\"b\":{\"\":true},\"\\u0061\":false}");
        in.beginObject();
        assertThat(in.nextName()).isEqualTo("a");
        in.beginArray();
        assertThat(in.nextElement()).isTrue();
        assertThat(in.int32()).isEqualTo(1);
        assertThat(in.nextElement()).isTrue();
        in.beginObject();
        assertThat(in.nextName()).isNull();
        assertThat(in.nextElement()).isTrue();
        in.beginArray();
        assertThat(in.nextElement()).isFalse();
        assertThat(in.nextElement()).isFalse();
        assertThat(in.nextName()).isEqualTo("b");
        in.beginObject();
        assertThat(in.nextName()).isEmpty();
        assertThat(in.bool()).isTrue();
        assertThat(in.nextName()).isNull();
        assertThat(in.nextName()).isEqualTo("a");
        assertThat(in.bool()).isFalse();
        assertThat(in.nextName()).isNull();
        in.end();
    }

    @Test
    void aKnownNameIsNotMadeAnew() {
        String known = "channel";
        byte[] text = "{\"channel\":1,\"chann\":2,\"\\u0063hannel\":3}".getBytes(UTF_8);
        JsonReader in = new JsonReader(new JsonNames("id", known), text, 0, text.length);
        in.beginObject();
        assertThat(in.nextName()).isSameAs(known);
        in.skip();
        assertThat(in.nextName()).isEqualTo("chann");
        in.skip();
        assertThat(in.nextName()).isEqualTo(known);
    }

    @Test
    void nothingOutsideTheRangeIsRead() {
        byte[] text = "[1,22]".getBytes(UTF_8);
        assertThat(new JsonReader(JsonNames.NONE, text, 3, 4).uint32()).isEqualTo(2);
        assertThatThrownBy(() -> new JsonReader(JsonNames.NONE, text, 0, 5).skip())
                .isInstanceOf(Malformed.class);
    }
}
