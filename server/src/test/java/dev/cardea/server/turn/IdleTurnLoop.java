package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Credentials;
import dev.cardea.rtc.turn.PeerPolicy;
import dev.cardea.rtc.turn.PendingConnections;
import dev.cardea.rtc.turn.Quotas;
import dev.cardea.rtc.turn.TurnEngine;
import dev.cardea.rtc.turn.TurnOptions;
import dev.cardea.rtc.turn.UserDirectory;
import dev.cardea.wire.Bytes;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** A loop with an engine that nothing comes to. */
final class IdleTurnLoop implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final TurnLoop loop =
            new TurnLoop(
                    (SingleThreadEventLoop) group.next(),
                    new Journal(new TurnTotals()),
                    _ -> engine());

    TurnLoop loop() {
        return loop;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
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
