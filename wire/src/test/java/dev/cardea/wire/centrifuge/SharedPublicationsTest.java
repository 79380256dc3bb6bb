package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SharedPublicationsTest {
    @SuppressWarnings("unused") // by the tests' parameters
    private static final List<Encoding> ENCODINGS = Encoding.ALL;

    private static final List<Publication> PUBLICATIONS =
            IntStream.rangeClosed(1, 3)
                    .mapToObj(
                            i -> Publication.of(Bytes.utf8("{\"n\":" + i + "}")).withOffset(i, ""))
                    .toList();

    @ParameterizedTest
    @FieldSource("ENCODINGS")
    void everyReplyIsWrittenAsWithoutSharing(Encoding encoding) {
        SharedPublications shared = new SharedPublications(PUBLICATIONS);
        for (int client = 1; client <= 3; client++) {
            assertThat(written(encoding, recovered(client, shared)))
                    .isEqualTo(written(encoding, recovered(client, PUBLICATIONS)));
            assertThat(written(encoding, history(client, shared)))
                    .isEqualTo(written(encoding, history(client, PUBLICATIONS)));
        }
    }

    private static Reply recovered(int id, List<Publication> missed) {
        return new Reply.Subscribe(
                id,
                new SubscribeResult(
                        false, 0, true, "ep", missed, true, 0, true, Bytes.EMPTY, true, false));
    }

    private static Reply history(int id, List<Publication> publications) {
        return new Reply.History(id, publications, "ep", 3);
    }

    private static byte[] written(Encoding encoding, Reply reply) {
        ByteWriter out = new ByteWriter();
        encoding.server().write(reply, out);
        return out.toArray();
    }
}
