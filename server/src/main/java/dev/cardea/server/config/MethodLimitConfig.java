package dev.cardea.server.config;

import java.util.List;

/** How often one rpc method may be called. */
public record MethodLimitConfig(
        @Setting(means = "the method") String method,
        @Setting(is = "false", means = "whether the override holds") boolean enabled,
        @Setting(means = "each must have a token left") List<BucketConfig> buckets) {}
