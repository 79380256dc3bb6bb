package dev.cardea.server.metrics;

import dev.cardea.server.api.ApiCounters;
import dev.cardea.server.net.Compression;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.proxy.ProxyCounters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is measured beside the node.
 *
 * @param compression null: nothing is compressed
 * @param others registers what other parts of the server measure
 */
public record Measured(
        ApiCounters api,
        ProxyCounters proxies,
        NettyLoops loops,
        @Nullable Compression compression,
        Consumer<MeterRegistry> others) {
    /** Nothing but what every server has. */
    public Measured(
            ApiCounters api,
            ProxyCounters proxies,
            NettyLoops loops,
            @Nullable Compression compression) {
        this(api, proxies, loops, compression, _ -> {});
    }

    long compressions() {
        return compression == null ? 0 : compression.compressions();
    }
}
