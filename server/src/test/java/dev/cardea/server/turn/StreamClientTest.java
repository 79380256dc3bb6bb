package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.rtc.turn.Credentials;
import dev.cardea.rtc.turn.PeerPolicy;
import dev.cardea.rtc.turn.PendingConnections;
import dev.cardea.rtc.turn.Quotas;
import dev.cardea.rtc.turn.TurnEngine;
import dev.cardea.rtc.turn.TurnOptions;
import dev.cardea.rtc.turn.UserDirectory;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalIoHandler;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection whose time is a number. */
class StreamClientTest {
    private static final TransportAddress SOMEWHERE = TransportAddress.parse("192.0.2.5:4000");

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

    @AfterEach
    void stop() {
        var _ = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void whoeverSendsHalfAFrameAndNoMoreIsCutOffAfterHalfAMinute() {
        for (String half : new String[] {"", "00", "0003", "000300082112a442", "40000100"}) {
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.freezeTime();
            channel.pipeline()
                    .addLast(new StreamClient(loop(), "tcp", SOMEWHERE, SOMEWHERE, channel));
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

    /** With an engine that nothing comes to. */
    private TurnLoop loop() {
        return new TurnLoop(
                (SingleThreadEventLoop) group.next(), new Journal(new TurnTotals()), _ -> engine());
    }

    private static TurnEngine engine() {
        TurnOptions options =
                new TurnOptions(
                        new Credentials("example.org", Map.of(), List.of()),
                        new PeerPolicy(List.of(), List.of()),
                        new Quotas(1, 1),
                        Bytes.wrap(new byte[32]),
                        1,
                        1,
                        0,
                        0,
                        0,
                        false,
                        new PendingConnections());
        return new TurnEngine(
                options,
                new SharedRelays(new LiveRelays(Set.of())),
                new Journal(new TurnTotals()),
                UserDirectory.NONE,
                () -> 0,
                new SplittableRandom(1),
                0);
    }
}
