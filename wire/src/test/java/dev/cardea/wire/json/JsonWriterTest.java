package dev.cardea.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static String string(String text) {
        ByteWriter out = new ByteWriter(0);
        JsonWriter.string(out, text);
        return out.toBytes().toUtf8();
    }

    @Test
    void stringsAreEscapedWhereTheyMustBe() {
        assertThat(string("plain /<>&'\u007f")).isEqualTo("\"plain /<>&'\u007f\"");
        assertThat(string("\"\\\n\r\t\b\f")).isEqualTo("\"\\\"\\\\\\n\\r\\t\\b\\f\"");
        assertThat(string("\u0000\u001f")).isEqualTo("\"\\u0000\\u001f\"");
        assertThat(string("é\u2028€😀")).isEqualTo("\"é\u2028€😀\"");
    }

    @Test
    void aSurrogateWithoutItsPartnerIsReplaced() {
        assertThat(string("a\uD83D")).isEqualTo("\"a\uFFFD\"");
        assertThat(string("\uDE00\uD83Db")).isEqualTo("\"\uFFFD\uFFFDb\"");
    }

    @Test
    void commasStandBetweenMembersOnly() {
        ByteWriter out = new ByteWriter(0);
        out.put('{');
        JsonWriter.name(out, "a");
        out.put('[');
        for (int i = 0; i < 3; i++) {
            JsonWriter.comma(out);
            out.putDecimal(i);
        }
        out.put(']');
        JsonWriter.anyName(out, "\n");
        out.put('{').put('}');
        JsonWriter.name(out, "c");
        JsonWriter.raw(out, Bytes.utf8("{\n\"d\":\n1\n}"));
        out.put('}');
        assertThat(out.toBytes().toUtf8()).isEqualTo("{\"a\":[0,1,2],\"\\n\":{},\"c\":{\"d\":1}}");
    }

    @Test
    void whatIsWrittenIsRead() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append((char) (random.nextInt(1 << 16) >> random.nextInt(16)));
            }
            byte[] written =
                    string(text.toString()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(new JsonReader(JsonNames.NONE, written, 0, written.length).text())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(wellFormed(text));
        }
    }

    private static String wellFormed(CharSequence text) {
        return text.codePoints()
                .map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
