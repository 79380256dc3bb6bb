package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.log.LogOptions;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.JsonClientCodec;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.fossil.FossilPatch;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.websocket.FrameListener;
import dev.cardea.wire.websocket.FrameReader;
import dev.cardea.wire.websocket.MessageInflater;
import dev.cardea.wire.websocket.Opcode;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CompressionTest {
    private static final String TEXT =
            "{\"дверь\":\"открыта 🚪\",\"text\":\"" + "the hinge turns, ".repeat(20) + "\"}";

    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final ChannelLog log =
            new ChannelLog("news", new LogOptions(0, 0, 0, 64, 1 << 20, true), budget, "epoch", 0);
    private final Compression compression = new Compression(1, 64);
    private final DeflateEncoding json = compression.of(WebSocketEncoding.JSON);

    private Entry entry(String data) {
        if (log.head() == 0) log.addReader();
        log.append(Publication.of(Bytes.utf8(data)), false, true, 0, "", 0);
        return Objects.requireNonNull(log.read(log.head()));
    }

    /** What a client that negotiated it reads. */
    private static Publication read(Frame frame) {
        Publication[] read = new Publication[1];
        FrameListener listener =
                new FrameListener() {
                    @Override
                    public boolean message(boolean text, ByteBuffer payload) {
                        Reply reply = new JsonClientCodec().next(payload);
                        if (reply instanceof Reply.Pushed(Push.Pub(_, Publication publication)))
                            read[0] = publication;
                        return true;
                    }

                    @Override
                    public boolean ping(ByteBuffer payload) {
                        return true;
                    }

                    @Override
                    public boolean pong(ByteBuffer payload) {
                        return true;
                    }

                    @Override
                    public void close(int code, String reason) {}
                };
        try (MessageInflater inflater = new MessageInflater()) {
            new FrameReader(FrameReader.Side.CLIENT, 1 << 20, inflater)
                    .read(ByteBuffer.wrap(frame.bytes().clone()), listener);
        }
        return Objects.requireNonNull(read[0]);
    }

    @Test
    void aFrameIsCompressedOnceForAllWhoNegotiatedItAndCountsAsMemory() {
        Entry entry = entry(TEXT);
        long before = budget.usedBytes();
        Frame frame = entry.frame(json);
        for (int i = 0; i < 1000; i++) assertThat(entry.frame(json)).isSameAs(frame);
        assertThat(compression.compressions()).isEqualTo(1);
        assertThat(budget.usedBytes() - before)
                .isEqualTo(frame.lengthBytes() + Entry.OTHER_FRAMES_BYTES);
        assertThat(frame.lengthBytes()).isLessThan(TEXT.length() / 2);
        assertThat(frame.bytes()[0]).isEqualTo((byte) 0xC1);
        assertThat(read(frame).data().toUtf8()).isEqualTo(TEXT);
    }

    @Test
    void whatIsNotWorthItIsThePlainFrameItselfAndCountedOnce() {
        Entry small = entry("{}");
        Frame plain = small.frame(WebSocketEncoding.JSON);
        assertThat(small.frame(json)).isSameAs(plain);
        assertThat(compression.compressions()).isZero();
        Entry dense = entry("\"漢字仮名交じり文日本語中文門戸開閉鍵錠扉窓壁床柱屋根庭石\"");
        long before = budget.usedBytes();
        Frame first = dense.frame(json);
        assertThat(dense.frame(WebSocketEncoding.JSON)).isSameAs(first);
        assertThat(budget.usedBytes() - before)
                .isEqualTo(first.lengthBytes() + Entry.OTHER_FRAMES_BYTES);
    }

    @Test
    void whatCannotGetShorterIsNotTried() {
        Compression all = new Compression(1, 0);
        assertThat(all.frame(Opcode.TEXT, ByteBuffer.wrap(new byte[] {'{', '}'}))).isNull();
        assertThat(all.compressions()).isZero();
    }

    @Test
    void aHigherLevelMakesSmallerFrames() {
        Entry entry = entry(TEXT.replace("hinge", "hinge, which nobody has oiled since spring,"));
        Frame quick = entry.frame(new Compression(1, 0).of(WebSocketEncoding.JSON));
        Frame small =
                entry(TEXT.replace("hinge", "hinge, which nobody has oiled since spring,"))
                        .frame(new Compression(9, 0).of(WebSocketEncoding.JSON));
        assertThat(small.lengthBytes()).isLessThan(quick.lengthBytes());
        assertThat(read(small).data()).isEqualTo(read(quick).data());
    }

    @Test
    void deltasAreCompressedToo() {
        Encoding.Deltas deltas = Objects.requireNonNull(json.deltas());
        Entry first = entry(TEXT);
        String changed = TEXT.replace("открыта", "закрыта и заперта, " + "и ещё раз: ".repeat(15));
        Entry second = entry(changed);
        Publication whole = read(first.frame(deltas.whole()));
        Publication patch = read(second.frame(deltas.patch()));
        assertThat(patch.delta()).isTrue();
        assertThat(text(whole).toUtf8()).isEqualTo(TEXT);
        assertThat(FossilPatch.apply(text(whole), text(patch), 1 << 16).toUtf8())
                .isEqualTo(changed);
        assertThat(second.frame(deltas.patch()).bytes()[0]).isEqualTo((byte) 0xC1);
    }

    @Test
    void withoutAPatchTheCompressedWholeFrameIsShared() {
        Encoding.Deltas deltas = Objects.requireNonNull(json.deltas());
        Entry first = entry(TEXT);
        assertThat(first.base()).isNull();
        assertThat(first.frame(deltas.patch())).isSameAs(first.frame(deltas.whole()));
    }

    @Test
    void everyEncodingHasAPlaceOfItsOwn() {
        boolean[] taken = new boolean[Encoding.MAX];
        for (WebSocketEncoding plain : WebSocketEncoding.values()) {
            for (Encoding each : new Encoding[] {plain, compression.of(plain)}) {
                assertThat(taken[each.index()]).isFalse();
                taken[each.index()] = true;
            }
        }
    }

    private static Bytes text(Publication publication) {
        byte[] array = publication.data().toArray();
        return Bytes.utf8(new JsonReader(JsonNames.NONE, array, 0, array.length).text());
    }
}
