package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes of replies: which members are left out, and which SDKs want even when empty. */
class WrittenRepliesTest {
    private static final Publication PUBLICATION = Publication.of(Bytes.utf8("{\"a\":1}"));

    @Test
    void thePingIsAnEmptyReply() {
        assertWritten(new Reply.Ping(), "{}", "00");
    }

    @Test
    void aPublicationIsPushedWithItsDataAlone() {
        assertWritten(
                new Reply.Pushed(new Push.Pub("news", PUBLICATION)),
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{\"a\":1}}}}",
                "13" + "2211" + "12046e657773" + "2209" + "22077b2261223a317d");
    }

    @Test
    void aPublicationHasAllItsMembers() {
        Publication publication =
                new Publication(
                        Bytes.utf8("1"),
                        new ClientInfo("u", "c", Bytes.utf8("2"), Bytes.utf8("3")),
                        -1,
                        Map.of("k", "v"),
                        true,
                        1_700_000_000_000L,
                        "ch",
                        "key",
                        true,
                        -2,
                        "ep",
                        4);
        assertWritten(
                new Reply.Pushed(new Push.Pub("", publication)),
                "{\"push\":{\"pub\":{\"data\":1,"
                        + "\"info\":{\"user\":\"u\",\"client\":\"c\",\"conn_info\":2,\"chan_info\":3},"
                        + "\"offset\":18446744073709551615,\"tags\":{\"k\":\"v\"},\"delta\":true,"
                        + "\"time\":1700000000000,\"channel\":\"ch\",\"key\":\"key\",\"removed\":true,"
                        + "\"score\":-2,\"epoch\":\"ep\",\"version\":4}}}",
                "45"
                        + "2243"
                        + "2241"
                        + "220131"
                        + "2a0c0a01751201631a0132220133"
                        + "30ffffffffffffffffff01"
                        + "3a060a016b120176"
                        + "4001"
                        + "4880d095ffbc31"
                        + "52026368"
                        + "5a036b6579"
                        + "6001"
                        + "6803"
                        + "72026570"
                        + "800104");
    }

    @Test
    void resultsWithoutMembersAreEmptyObjects() {
        assertWritten(new Reply.Publish(3), "{\"id\":3,\"publish\":{}}", "0408034200");
        assertWritten(new Reply.Unsubscribe(3), "{\"id\":3,\"unsubscribe\":{}}", "0408033a00");
        assertWritten(new Reply.Rpc(3, Bytes.EMPTY), "{\"id\":3,\"rpc\":{}}", "0408036a00");
        assertWritten(
                new Reply.SubRefresh(3, false, 0), "{\"id\":3,\"sub_refresh\":{}}", "0408037a00");
    }

    @Test
    void idsAreUnsigned() {
        assertWritten(
                new Reply.Publish(-1),
                "{\"id\":4294967295,\"publish\":{}}",
                "08" + "08ffffffff0f" + "4200");
    }

    @Test
    void presenceIsThereWhenNobodyIs() {
        assertWritten(
                new Reply.Presence(7, Map.of()),
                "{\"id\":7,\"presence\":{\"presence\":{}}}",
                "0408074a00");
    }

    @Test
    void aClientInfoHasUserAndClientEvenIfEmpty() {
        assertWritten(
                new Reply.Presence(
                        7, Map.of("c1", new ClientInfo("", "", Bytes.EMPTY, Bytes.EMPTY))),
                "{\"id\":7,\"presence\":{\"presence\":{\"c1\":{\"user\":\"\",\"client\":\"\"}}}}",
                "0c0807" + "4a08" + "0a06" + "0a026331" + "1200");
    }

    @Test
    void statsAndHistoryAreThereEvenIfZero() {
        assertWritten(
                new Reply.PresenceStats(7, 0, 0),
                "{\"id\":7,\"presence_stats\":{\"num_clients\":0,\"num_users\":0}}",
                "0408075200");
        assertWritten(
                new Reply.History(7, List.of(), "", 0),
                "{\"id\":7,\"history\":{\"publications\":[],\"epoch\":\"\",\"offset\":0}}",
                "0408075a00");
    }

    @Test
    void anErrorSaysWhetherItIsTemporary() {
        assertWritten(
                new Reply.Error(2, 100, "internal server error", true),
                "{\"id\":2,\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}",
                "1f0802121b0864" + "1215696e7465726e616c20736572766572206572726f72" + "1801");
    }

    @Test
    void lineFeedsOfAPayloadAreLeftOutOfJson() {
        Push push = new Push.Message(Bytes.utf8("{\n  \"a\": \"\\n\"\n}\n"));
        ByteWriter out = new ByteWriter();
        new JsonCodec().write(push, out);
        assertThat(out.toBytes().toUtf8())
                .isEqualTo("{\"message\":{\"data\":{  \"a\": \"\\n\"}}}\n");
    }

    @Test
    void aUnidirectionalPushStandsAlone() {
        Push push = new Push.Disconnect(3001, "shutdown");
        ByteWriter out = new ByteWriter();
        new JsonCodec().write(push, out);
        assertThat(out.toBytes().toUtf8())
                .isEqualTo("{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}\n");
        out.clear();
        new ProtobufCodec().write(push, out);
        assertThat(HexFormat.of().formatHex(out.toArray()))
                .isEqualTo("0f" + "5a0d" + "08b917" + "120873687574646f776e");
    }

    private static void assertWritten(Reply reply, String json, String protobufHex) {
        ByteWriter out = new ByteWriter(0);
        new JsonCodec().write(reply, out);
        assertThat(out.toBytes().toUtf8()).isEqualTo(json + '\n');
        out.clear();
        new ProtobufCodec().write(reply, out);
        assertThat(HexFormat.of().formatHex(out.toArray())).isEqualTo(protobufHex);
    }
}
