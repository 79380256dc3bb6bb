package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmulationRequestTest {
    @Test
    void inJsonTheCommandsAreAString() {
        String json =
                "{\"session\":\"s\",\"more\":[{}],\"node\":\"n\",\"data\":\"{\\\"id\\\":1}\\n{}\"}";
        assertThat(EmulationRequest.json(Bytes.utf8(json)))
                .isEqualTo(new EmulationRequest("n", "s", Bytes.utf8("{\"id\":1}\n{}")));
    }

    @Test
    void inProtobufTheyAreBytes() {
        byte[] body = HexFormat.of().parseHex("0a016e" + "120173" + "1a020100" + "2001");
        assertThat(EmulationRequest.protobuf(Bytes.wrap(body)))
                .isEqualTo(new EmulationRequest("n", "s", Bytes.wrap(new byte[] {1, 0})));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "[]", "{", "{}x", "{\"data\":{}}", "{\"node\":[]}", "null"})
    void jsonOfAnotherShapeIsRefused(String json) {
        assertThatThrownBy(() -> EmulationRequest.json(Bytes.utf8(json)))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a", "0a05", "08", "0801", "0f", "00", "ffffffffffffffffffffff"})
    void brokenProtobufIsRefused(String hex) {
        assertThatThrownBy(
                        () -> EmulationRequest.protobuf(Bytes.wrap(HexFormat.of().parseHex(hex))))
                .isInstanceOf(Malformed.class);
    }

    @FuzzTest(maxDuration = "1m")
    void anyBytesAreReadOrRefused(byte[] input) {
        Bytes body = Bytes.wrap(input);
        try {
            var _ = EmulationRequest.json(body);
        } catch (Malformed e) {
            // as it should be
        }
        try {
            var _ = EmulationRequest.protobuf(body);
        } catch (Malformed e) {
            // as it should be
        }
        try {
            var _ = JsonCodec.connect(body);
        } catch (Malformed e) {
            // as it should be
        }
    }
}
