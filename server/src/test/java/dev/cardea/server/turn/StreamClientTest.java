package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection whose time is a number. */
class StreamClientTest {
    private static final TransportAddress SOMEWHERE = TransportAddress.parse("192.0.2.5:4000");

    private final IdleTurnLoop idle = new IdleTurnLoop();

    @AfterEach
    void stop() {
        idle.close();
    }

    @Test
    void whoeverSendsHalfAFrameAndNoMoreIsCutOffAfterHalfAMinute() {
        for (String half : new String[] {"", "00", "0003", "000300082112a442", "40000100"}) {
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.freezeTime();
            channel.pipeline()
                    .addLast(new StreamClient(idle.loop(), "tcp", SOMEWHERE, SOMEWHERE, channel));
            channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(half)));
            channel.advanceTimeBy(29, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            assertThat(channel.isActive()).as(half).isTrue();
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            assertThat(channel.isActive()).as(half).isFalse();
            channel.finishAndReleaseAll();
        }
    }

    /** However a stream is cut, each request in it is answered, in its order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aStreamIsItsFramesHoweverItIsCut(long seed) throws Exception {
        idle.loop().eventLoop().submit(() -> cut(new SplittableRandom(seed))).get();
    }

    private void cut(SplittableRandom random) {
        EmbeddedChannel channel = new EmbeddedChannel();
        StreamClient client = new StreamClient(idle.loop(), "tcp", SOMEWHERE, SOMEWHERE, channel);
        channel.pipeline().addLast(client);
        ByteBuf stream = Unpooled.buffer();
        int requests = 200;
        for (int i = 0; i < requests; i++) {
            stream.writeBytes(new StunWriter(64).begin(StunType.BINDING, 7, i).finish());
            if (random.nextInt(4) == 0) { // data of no channel, padded: not answered
                int bytes = random.nextInt(40);
                stream.writeInt(ChannelData.header(0x4000, bytes)).writeZero(bytes + 3 & ~3);
            }
        }
        List<Long> answered = new ArrayList<>();
        while (stream.isReadable()) {
            int next = Math.min(stream.readableBytes(), 1 + random.nextInt(random.nextInt(1, 90)));
            channel.writeInbound(stream.readBytes(next));
            if (random.nextBoolean()) client.flushNow();
            read(channel, answered);
        }
        client.flushNow();
        read(channel, answered);
        assertThat(answered).isEqualTo(LongStream.range(0, requests).boxed().toList());
        stream.release();
        channel.finishAndReleaseAll();
    }

    private static void read(EmbeddedChannel channel, List<Long> answered) {
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            while (out.isReadable()) {
                ByteBuf frame = out.readSlice(20 + out.getUnsignedShort(out.readerIndex() + 2));
                answered.add(frame.getLong(12));
            }
            out.release();
        }
    }

    @Test
    void whatFollowsTheLastFrameGoesThroughThePipe() throws Exception {
        for (boolean partly : new boolean[] {false, true}) {
            EmbeddedChannel peer = new EmbeddedChannel();
            EmbeddedChannel channel = new EmbeddedChannel();
            StreamClient client =
                    new StreamClient(idle.loop(), "tcp", SOMEWHERE, SOMEWHERE, channel);
            channel.pipeline().addLast(client);
            if (partly) channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1, 2}));
            client.becomePipe(peer);
            if (!partly) channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1, 2}));
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {3}));
            ByteBuf first = peer.readOutbound();
            ByteBuf second = peer.readOutbound();
            assertThat(Unpooled.wrappedBuffer(first, second))
                    .isEqualTo(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
            channel.finishAndReleaseAll();
            peer.finishAndReleaseAll();
        }
    }
}
