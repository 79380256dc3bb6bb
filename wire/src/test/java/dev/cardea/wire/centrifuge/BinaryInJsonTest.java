package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BinaryInJsonTest {
    @Test
    void whatIsNoJsonReachesJsonClientsAsBase64AndBreaksNothing() {
        assertThat(written(Bytes.wrap(new byte[] {0, (byte) 0xFF, 10})))
                .contains("\"data\":\"AP8K\"");
        assertThat(written(Bytes.utf8("{\"a\":1"))).contains("\"data\":\"eyJhIjox\"");
        assertThat(written(Bytes.utf8("1},{\"pub\":{}"))).contains("\"data\":\"MX0seyJwdWIiOnt9\"");
    }

    @Test
    void jsonIsEmbeddedAsItIs() {
        assertThat(written(Bytes.utf8("{\"a\": [1, null]}")))
                .contains("\"data\":{\"a\": [1, null]}");
    }

    private static String written(Bytes data) {
        ByteWriter out = new ByteWriter();
        new JsonCodec().write(new Reply.Pushed(new Push.Pub("x", Publication.of(data))), out);
        return new String(out.toArray(), StandardCharsets.UTF_8);
    }
}
