package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.fossil.FossilEncoder;
import dev.cardea.wire.fossil.FossilPatch;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeltaFormTest {
    private static final String OPEN =
            "{\"дверь\": \"открыта\",\n \"signs\": \"🚪🗝\", \"note\": \"a \\\"quoted\\\" word\"}";
    private static final String SHUT =
            "{\"дверь\": \"закрыта\",\n \"signs\": \"🚪🔑\", \"note\": \"a \\\"quoted\\\" word\"}";

    private static Publication of(String data) {
        return Publication.of(Bytes.utf8(data)).withOffset(7, "");
    }

    /** What a JSON client makes of the data: the text in the string. */
    private static Bytes unquoted(Publication publication) {
        byte[] array = publication.data().toArray();
        return Bytes.utf8(new JsonReader(JsonNames.NONE, array, 0, array.length).text());
    }

    @Test
    void jsonGoesAsAStringWholeAndAsAPatch() {
        Publication whole = DeltaForm.JSON.whole(of(OPEN));
        assertThat(unquoted(whole).toUtf8()).isEqualTo(OPEN);
        assertThat(whole.delta()).isFalse();
        Publication patch = DeltaForm.JSON.patch(Bytes.utf8(OPEN), of(SHUT), new FossilEncoder());
        if (patch == null) throw new AssertionError("no patch");
        assertThat(patch.delta()).isTrue();
        assertThat(patch.offset()).isEqualTo(7);
        assertThat(FossilPatch.apply(Bytes.utf8(OPEN), unquoted(patch), 1000).toUtf8())
                .isEqualTo(SHUT);
    }

    @Test
    void protobufGoesAsBytes() {
        Publication whole = DeltaForm.PROTOBUF.whole(of(OPEN));
        assertThat(whole).isEqualTo(of(OPEN));
        Publication patch =
                DeltaForm.PROTOBUF.patch(Bytes.utf8(OPEN), of(SHUT), new FossilEncoder());
        if (patch == null) throw new AssertionError("no patch");
        assertThat(FossilPatch.apply(Bytes.utf8(OPEN), patch.data(), 1000).toUtf8())
                .isEqualTo(SHUT);
    }

    @Test
    void whatIsNoJsonIsTheTextOfItsBase64ForJsonClientsAlsoAsABase() {
        byte[] binary = new byte[300];
        new SplittableRandom(1).nextBytes(binary);
        byte[] changed = binary.clone();
        changed[299]++;
        Publication first = Publication.of(Bytes.wrap(binary));
        Publication second = Publication.of(Bytes.wrap(changed));
        List<Publication> chain = DeltaForm.JSON.chain(List.of(first, second, of("{}")));
        Bytes base = unquoted(chain.get(0));
        assertThat(base.at(0)).isEqualTo((byte) '"');
        assertThat(chain.get(1).delta()).isTrue();
        assertThat(FossilPatch.apply(base, unquoted(chain.get(1)), 1000))
                .isEqualTo(unquoted(DeltaForm.JSON.whole(second)));
        assertThat(chain.get(2)).isEqualTo(DeltaForm.JSON.whole(of("{}")));
    }

    @Test
    void nothingAtAllIsJsonToo() {
        assertThat(unquoted(DeltaForm.JSON.whole(Publication.of(Bytes.EMPTY))).toUtf8())
                .isEqualTo("\"\"");
        assertThat(DeltaForm.JSON.chain(List.of())).isEmpty();
    }

    @Test
    void everyControlCharacterInJsonTextComesThrough() {
        String text = "[\n\t\r \"\\u0000\\u001f\\\\ \u007f\u2028\"]";
        assertThat(unquoted(DeltaForm.JSON.whole(of(text))).toUtf8()).isEqualTo(text);
    }
}
