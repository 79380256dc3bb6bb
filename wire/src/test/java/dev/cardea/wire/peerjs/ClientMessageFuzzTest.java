package dev.cardea.wire.peerjs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;

/** Whatever a client sends: it is refused, or what is passed on of it is valid JSON. */
class ClientMessageFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void anyMessageIsRefusedOrPassedOnAsJson(byte[] data) {
        ClientMessage message;
        try {
            message = ClientMessageReader.read(Bytes.wrap(data.clone()));
        } catch (Malformed _) {
            return;
        }
        if (!(message instanceof ClientMessage.To(Signal.Kind kind, String dst, Bytes payload)))
            return;
        assertThat(PeerId.isValid(dst)).isTrue();
        byte[] json = ServerMessages.signal(new Signal(kind, "me", dst, payload)).toArray();
        assertThat(JsonReader.isValid(json, 0, json.length)).isTrue();
        // whoever reads it as a client would must see who sent it, whatever the payload has in it
        ClientMessage again = ClientMessageReader.read(Bytes.wrap(json));
        assertThat(again).isInstanceOf(ClientMessage.To.class);
        assertThat(((ClientMessage.To) again).dst()).isEqualTo(dst);
    }
}
