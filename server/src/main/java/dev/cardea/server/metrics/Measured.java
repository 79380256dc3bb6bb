package dev.cardea.server.metrics;

import dev.cardea.server.api.ApiCounters;
import dev.cardea.server.net.Compression;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.proxy.ProxyCounters;
import org.jspecify.annotations.Nullable;

/**
 * What is measured beside the node.
 *
 * @param compression null: nothing is compressed
 */
public record Measured(
        ApiCounters api,
        ProxyCounters proxies,
        NettyLoops loops,
        @Nullable Compression compression) {
    long compressions() {
        return compression == null ? 0 : compression.compressions();
    }
}
