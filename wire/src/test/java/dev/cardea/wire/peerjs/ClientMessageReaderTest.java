package dev.cardea.wire.peerjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import org.junit.jupiter.api.Test;

class ClientMessageReaderTest {
    private static ClientMessage read(String json) {
        return ClientMessageReader.read(Bytes.utf8(json));
    }

    /** As npm peerjs 1.5.5 sends it; the descriptions are cut short. */
    @Test
    void whatNpmPeerjsSendsIsUnderstood() {
        String payload =
                "{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"},\"type\":\"data\","
                        + "\"connectionId\":\"dc_2x\",\"label\":\"dc_2x\",\"reliable\":false,"
                        + "\"serialization\":\"binary\"}";
        assertThat(read("{\"type\":\"HEARTBEAT\"}")).isEqualTo(new ClientMessage.Heartbeat());
        assertThat(read("{\"type\":\"OFFER\",\"payload\":" + payload + ",\"dst\":\"bob\"}"))
                .isEqualTo(new ClientMessage.To(Signal.Kind.OFFER, "bob", Bytes.utf8(payload)));
        assertThat(
                        read(
                                "{\"type\":\"CANDIDATE\",\"payload\":{\"candidate\":null},\"dst\":\"bob\"}"))
                .isEqualTo(
                        new ClientMessage.To(
                                Signal.Kind.CANDIDATE, "bob", Bytes.utf8("{\"candidate\":null}")));
    }

    @Test
    void aLeaveWithoutAddresseeGivesTheIdBack() {
        assertThat(read("{\"type\":\"LEAVE\"}")).isEqualTo(new ClientMessage.Leave());
        assertThat(read("{\"dst\":\"bob\",\"src\":\"eve\",\"type\":\"LEAVE\"}"))
                .isEqualTo(new ClientMessage.To(Signal.Kind.LEAVE, "bob", Bytes.EMPTY));
    }

    @Test
    void whatOnlyAServerSaysMeansNothingFromAClient() {
        for (String type : new String[] {"EXPIRE", "OPEN", "ID-TAKEN", "offer", "X"})
            assertThat(read("{\"type\":\"" + type + "\",\"dst\":\"bob\"}"))
                    .isEqualTo(new ClientMessage.Other());
    }

    @Test
    void whatIsNoMessageIsMalformed() {
        String[] texts = {
            "",
            "null",
            "[]",
            "{}",
            "{\"type\":\"\"}",
            "{\"type\":7}",
            "{\"type\":\"OFFER\"}",
            "{\"type\":\"OFFER\",\"dst\":\"\"}",
            "{\"type\":\"OFFER\",\"dst\":\"a\\u0000b\"}",
            "{\"type\":\"OFFER\",\"dst\":\"" + "x".repeat(129) + "\"}",
            "{\"type\":\"OFFER\",\"dst\":\"bob\",\"payload\":}",
            "{\"type\":\"OFFER\",\"dst\":\"bob\"}}",
            "{\"type\":\"OFFER\",\"dst\":\"bob\",\"payload\":"
                    + "[".repeat(600)
                    + "]".repeat(600)
                    + "}",
        };
        for (String each : texts)
            assertThatThrownBy(() -> read(each)).as(each).isInstanceOf(Malformed.class);
    }

    @Test
    void anIdMayHaveWhatNpmPeerjsAllowsAndWhatUsersAreCalled() {
        for (String id :
                new String[] {
                    "a",
                    "7",
                    "alice",
                    "a-b_c d",
                    "5f1c3f6e-8d0b-4c1c-9a66-0f6d1c9f4b2e",
                    "a.b@c:d",
                    "x".repeat(128)
                }) assertThat(PeerId.isValid(id)).as(id).isTrue();
        for (String id :
                new String[] {"", " a", "a-", "_", "a/b", "ä", "a\nb", "a\"b", "x".repeat(129)})
            assertThat(PeerId.isValid(id)).as(id).isFalse();
    }

    @Test
    void whatTheServerSaysIsJsonThatClientsRead() {
        assertThat(ServerMessages.open().toUtf8()).isEqualTo("{\"type\":\"OPEN\"}");
        assertThat(ServerMessages.idTaken().toUtf8())
                .isEqualTo("{\"type\":\"ID-TAKEN\",\"payload\":{\"msg\":\"ID is taken\"}}");
        assertThat(ServerMessages.error("a \"b\"").toUtf8())
                .isEqualTo("{\"type\":\"ERROR\",\"payload\":{\"msg\":\"a \\\"b\\\"\"}}");
        assertThat(ServerMessages.expire("bob", "ann").toUtf8())
                .isEqualTo("{\"type\":\"EXPIRE\",\"src\":\"bob\",\"dst\":\"ann\"}");
        Signal signal = new Signal(Signal.Kind.ANSWER, "ann", "bob", Bytes.utf8("{\"x\": [1]}"));
        assertThat(ServerMessages.signal(signal).toUtf8())
                .isEqualTo(
                        "{\"type\":\"ANSWER\",\"src\":\"ann\",\"dst\":\"bob\",\"payload\":{\"x\": [1]}}");
        Signal leave = new Signal(Signal.Kind.LEAVE, "ann", "bob", Bytes.EMPTY);
        assertThat(ServerMessages.signal(leave).toUtf8())
                .isEqualTo("{\"type\":\"LEAVE\",\"src\":\"ann\",\"dst\":\"bob\"}");
    }
}
