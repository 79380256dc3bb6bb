package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamPositionsTest {
    @Test
    void aPositionIsTheNamesChecksumTheEpochAndTheOffset() {
        ByteWriter out = new ByteWriter();
        // CRC-32 of "123456789", the check value of every description of it
        StreamPositions.write(StreamPositions.name("123456789", "XyZkLmNo"), 17, out);
        StreamPositions.write(StreamPositions.name("news", "QwErTyUi"), -1, out);
        assertThat(text(out))
                .isEqualTo("cbf43926:XyZkLmNo:17,1dd39950:QwErTyUi:18446744073709551615");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1000; i++) {
            Map<String, StreamPosition> written = new LinkedHashMap<>();
            for (int streams = random.nextInt(StreamPositions.MAX + 1); streams > 0; streams--) {
                String epoch = Long.toString(random.nextLong() >>> 20, 36);
                written.put("ü:" + streams, new StreamPosition(random.nextLong(), epoch));
            }
            ByteWriter out = new ByteWriter();
            written.forEach((channel, at) ->
                    StreamPositions.write(
                            StreamPositions.name(channel, at.epoch()), at.offset(), out));
            StreamPositions read = StreamPositions.read(text(out));
            written.forEach(
                    (channel, at) -> assertThat(read.in(channel)).as("seed " + seed).isEqualTo(at));
            assertThat(read.in("another")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                ":",
                "::",
                ":::",
                "cbf43926:a",
                "cbf43926:a:b:1",
                "cbf43926::1",
                "cbf43926:a:",
                "cbf43926:a:-1",
                "cbf43926:a:18446744073709551616",
                "xbf43926:a:1",
                "cbf4392:a:1",
                "cbf43926:a:1,",
                ",cbf43926:a:1",
                "cbf43926:a b:1",
                "cbf43926:a\n:1"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> StreamPositions.read(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void moreThanSixteenAreRefused() {
        ByteWriter out = new ByteWriter();
        for (int i = 0; i < 17; i++)
            StreamPositions.write(StreamPositions.name("c" + i, "e"), i, out);
        assertThatThrownBy(() -> StreamPositions.read(text(out))).isInstanceOf(Malformed.class);
    }

    @Test
    void anEpochThatWouldBreakTheTextStandsForOneThatIsGone() {
        ByteWriter out = new ByteWriter();
        StreamPositions.write(StreamPositions.name("news", "a\nb,c:d"), 1, out);
        assertThat(StreamPositions.read(text(out)).in("news"))
                .isEqualTo(new StreamPosition(1, "-"));
    }

    static String text(ByteWriter out) {
        return new String(out.toArray(), StandardCharsets.UTF_8);
    }
}
