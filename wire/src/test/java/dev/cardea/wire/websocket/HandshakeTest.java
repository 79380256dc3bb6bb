package dev.cardea.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static final List<String> SUPPORTED = List.of("centrifuge-json", "centrifuge-protobuf");

    /** The request of RFC 6455 section 1.2. */
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    HandshakeTest() {
        set("Host", "server.example.com");
        set("Upgrade", "websocket");
        set("Connection", "Upgrade");
        set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        set("Sec-WebSocket-Version", "13");
    }

    @Test
    void theExampleOfTheSpecificationIsAccepted() {
        assertThat(answer())
                .isEqualTo(new Handshake.Accepted("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", null));
    }

    @Test
    void tokensAreFoundInListsWhateverTheirCase() {
        set("Connection", "keep-alive, UPGRADE");
        set("Upgrade", "h2c", "WebSocket");
        assertThat(answer()).isInstanceOf(Handshake.Accepted.class);
        set("Connection", "keep-alive", "upgrade");
        assertThat(answer()).isInstanceOf(Handshake.Accepted.class);
        set("Connection", "upgraded");
        assertThat(answer()).isInstanceOf(Handshake.Refused.class);
    }

    @Test
    void theClientsOrderChoosesTheSubprotocol() {
        assertThat(subprotocol("centrifuge-protobuf, centrifuge-json"))
                .isEqualTo("centrifuge-protobuf");
        assertThat(subprotocol("mqtt,centrifuge-json")).isEqualTo("centrifuge-json");
        assertThat(subprotocol("mqtt", "centrifuge-json")).isEqualTo("centrifuge-json");
        assertThat(subprotocol("mqtt", "")).isNull();
        assertThat(subprotocol("Centrifuge-JSON")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "7", "0", "14", "", "13, 8"})
    void otherVersionsAreToldWhichToUse(String version) {
        set("Sec-WebSocket-Version", version);
        assertThat(status()).isEqualTo(426);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25jZWE=",
                "dGhlIHNhbXBsZSBub25jZWFh",
                "dGhlIHNhbXBsZSBub25j*Q==",
                "dGhlIHNhbXBsZSBub25jZQ===="
            })
    void aKeyMustBe16BytesInBase64(String key) {
        set("Sec-WebSocket-Key", key);
        assertThat(status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key"})
    void eachHeaderIsNeeded(String name) {
        headers.remove(name);
        assertThat(status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Sec-WebSocket-Key"})
    void twoOfAKindAreAmbiguous(String name) {
        String once = get(name).getFirst();
        set(name, once, once);
        assertThat(status()).isEqualTo(400);
    }

    @Test
    void onlyGetCanUpgrade() {
        assertThat(Handshake.answer("POST", this::get, SUPPORTED))
                .isInstanceOfSatisfying(
                        Handshake.Refused.class, no -> assertThat(no.status()).isEqualTo(405));
    }

    private Handshake.Answer answer() {
        return Handshake.answer("GET", this::get, SUPPORTED);
    }

    private int status() {
        return answer() instanceof Handshake.Refused no ? no.status() : 101;
    }

    private @Nullable String subprotocol(String... offered) {
        set("Sec-WebSocket-Protocol", offered);
        return answer() instanceof Handshake.Accepted yes ? yes.subprotocol() : "refused";
    }

    private List<String> get(String name) {
        List<String> values = headers.get(name);
        return values == null ? List.of() : values;
    }

    private void set(String name, String... values) {
        headers.put(name, List.of(values));
    }
}
