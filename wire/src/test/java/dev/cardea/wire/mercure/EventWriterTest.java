package dev.cardea.wire.mercure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventWriterTest {
    static String written(String id, String type, long retry, String data) {
        ByteWriter out = new ByteWriter();
        EventWriter.write(new Update(List.of(), false, id, type, retry, Bytes.utf8(data)), out);
        return out.toBytes().toUtf8();
    }

    @Test
    void fieldsComeInTheirOrder() {
        assertThat(written("urn:uuid:1", "news", 10, "a"))
                .isEqualTo("event: news\nretry: 10\nid: urn:uuid:1\ndata: a\n\n");
        assertThat(written("1", "", Update.NO_RETRY, "")).isEqualTo("id: 1\ndata: \n\n");
        assertThat(written("1", "", 0, "a")).isEqualTo("retry: 0\nid: 1\ndata: a\n\n");
    }

    @Test
    void everyKindOfLineEndSplitsData() {
        assertThat(written("1", "", Update.NO_RETRY, "a\nb\r\nc\rd\n\ne\r"))
                .isEqualTo(
                        "id: 1\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\ndata: \n\n");
    }

    @Test
    void whatAReaderPutsTogetherIsTheDataWithItsLinesEndedAlike() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        String[] pieces = {"a", "data: ", "\n", "\r", "\r\n", ":", "é", "id: 7", " ", "\0"};
        for (int i = 0; i < 2000; i++) {
            StringBuilder data = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--)
                data.append(pieces[random.nextInt(pieces.length)]);
            String event = written("x", "t", 5, data.toString());
            String expected = data.toString().replace("\r\n", "\n").replace('\r', '\n');
            assertThat(read(event)).as("seed %d", seed).containsExactly("t", "5", "x", expected);
        }
    }

    /** The HTML standard's section 9.2.6, for one event. */
    private static List<String> read(String stream) {
        String type = "";
        String retry = "";
        String id = "";
        List<String> data = new ArrayList<>();
        for (String line : stream.split("\r\n|\r|\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0) continue;
            String value = line.substring(colon + 1);
            if (value.startsWith(" ")) value = value.substring(1);
            switch (line.substring(0, colon)) {
                case "event" -> type = value;
                case "retry" -> retry = value;
                case "id" -> id = value;
                case "data" -> data.add(value);
                default -> throw new AssertionError(line);
            }
        }
        return List.of(type, retry, id, String.join("\n", data));
    }
}
