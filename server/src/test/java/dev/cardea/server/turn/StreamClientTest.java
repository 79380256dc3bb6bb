package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
}
